import { expect, test } from 'vitest';
import { parseClicks } from '../ingestion/parse-clicks.ts';
import type { ClickBatch, RawClick } from './click-batch.ts';
import { createClickBatcher } from './click-batcher.ts';

const click = (requestId: string): RawClick => ({
  clickedAt: 1,
  linkId: 1,
  requestId,
  address: '',
  isPrefetch: false,
  userAgent: '',
  referrer: '',
  country: '',
});

/** A store whose batches the test acknowledges when it wants. */
function heldStore() {
  const batches: { batch: ClickBatch; settle: PromiseWithResolvers<void> }[] = [];
  const arrived: (() => void)[] = [];
  return {
    batches,
    store(batch: ClickBatch) {
      const settle = Promise.withResolvers<void>();
      batches.push({ batch, settle });
      arrived.shift()?.();
      return settle.promise;
    },
    next: () => new Promise<void>((resolve) => arrived.push(resolve)),
  };
}

const idsOf = (batch: ClickBatch | undefined) =>
  parseClicks(batch?.payload ?? '').map((found) => found.requestId);

test('clicks of one moment are one batch, and nobody is answered before it is stored', async () => {
  const held = heldStore();
  const clicks = createClickBatcher({
    store: (batch) => held.store(batch),
    onDropped: () => undefined,
  });
  const answered: string[] = [];
  const arrival = held.next();
  for (const id of ['a', 'b']) clicks.record(click(id), () => answered.push(id));
  await arrival;
  expect(idsOf(held.batches[0]?.batch)).toEqual(['a', 'b']);

  clicks.record(click('c'), () => answered.push('c'));
  expect(answered).toEqual([]);
  const second = held.next();
  held.batches[0]?.settle.resolve();
  await second;
  expect(answered).toEqual(['a', 'b']);
  expect(idsOf(held.batches[1]?.batch)).toEqual(['c']);
  expect(held.batches.map(({ batch }) => batch.sequence)).toEqual([1, 2]);

  held.batches[1]?.settle.resolve();
  await clicks.drain();
  expect(answered).toEqual(['a', 'b', 'c']);
});

test('it is told how long clicks waited until they were stored', async () => {
  const held = heldStore();
  const clicks = createClickBatcher({
    store: (batch) => held.store(batch),
    onDropped: () => undefined,
  });
  const arrival = held.next();
  for (const id of ['a', 'b']) clicks.record(click(id), () => undefined);
  await arrival;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 60);
  held.batches[0]?.settle.resolve();
  await clicks.drain();
  const within = Object.fromEntries(clicks.waitingTimes().map(({ le, clicks }) => [le, clicks]));
  expect(within).toMatchObject({ '0.005': 0, '0.05': 0, '1': 2, '+Inf': 2 });
});

test('a click that can be stored nowhere is counted as dropped, and its visitor is still answered', async () => {
  const dropped: number[] = [];
  const clicks = createClickBatcher({
    store: () => Promise.reject(new Error('no disk')),
    onDropped: (count) => dropped.push(count),
  });
  const answered = new Promise<void>((resolve) => clicks.record(click('a'), resolve));
  await answered;
  await clicks.drain();
  expect(dropped).toEqual([1]);
  expect(clicks.stats()).toEqual({ recorded: 1, batches: 1, dropped: 1 });
});
