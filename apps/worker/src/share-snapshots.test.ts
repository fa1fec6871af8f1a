import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { shareSnapshots } from './share-snapshots.ts';

test('all who watch share one reader, and nothing is read while nobody watches', async () => {
  let reads = 0;
  const snapshots = shareSnapshots(async () => {
    reads += 1;
    if (reads === 2) throw new Error('a bad moment');
    return reads;
  }, 10);
  const [first, second]: [number[], number[]] = [[], []];
  const stopFirst = snapshots.watch((snapshot) => first.push(snapshot));
  const stopSecond = snapshots.watch((snapshot) => second.push(snapshot));
  onTestFinished(stopSecond);
  await until(() => first.length >= 3);
  expect(first.slice(0, 3)).toEqual([1, 3, 4]);
  expect(second).toEqual(first);

  stopFirst();
  stopSecond();
  const readsThen = reads;
  expect(await snapshots.read()).toBe(readsThen + 1);
  expect(first).not.toContain(readsThen + 1);

  const third: number[] = [];
  onTestFinished(snapshots.watch((snapshot) => third.push(snapshot)));
  onTestFinished(snapshots.watch((snapshot) => third.push(snapshot)));
  // The newcomer is shown what is known.
  await until(() => third.length >= 3);
  expect(third.slice(0, 3)).toEqual([readsThen + 1, readsThen + 2, readsThen + 2]);
});
