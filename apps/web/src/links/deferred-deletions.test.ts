import { expect, test } from 'vitest';
import { createDeferredDeletions } from './deferred-deletions.ts';

function open(send: (slug: string) => Promise<void> = async () => {}) {
  const log: string[] = [];
  const deletions = createDeferredDeletions({
    async send(slug) {
      log.push(slug);
      await send(slug);
    },
    onSent: (slug) => log.push(`${slug} is gone`),
    onFailure: (slug, error) => log.push(`${slug}: ${(error as Error).message}`),
  });
  return { log, deletions };
}

test('a deletion is sent when it can no longer be undone', async () => {
  const { log, deletions } = open();
  deletions.delete('a');
  expect([[...deletions.hidden()], log]).toEqual([['a'], []]);
  await deletions.commit('a');
  expect(log).toEqual(['a', 'a is gone']);
  expect([...deletions.hidden()]).toEqual(['a']);
});

test('an undone deletion is never sent, and the link is back', async () => {
  const { log, deletions } = open();
  deletions.delete('a');
  deletions.undo('a');
  expect([...deletions.hidden()]).toEqual([]);
  await deletions.commit('a');
  await deletions.flush();
  expect(log).toEqual([]);
});

test('whoever leaves sends what waits, once, and waits for what is on its way', async () => {
  const answer = Promise.withResolvers<void>();
  const { log, deletions } = open((slug) => (slug === 'a' ? answer.promise : Promise.resolve()));
  deletions.delete('a');
  deletions.delete('b');
  void deletions.commit('a');
  let isFlushed = false;
  const flushed = deletions.flush().then(() => {
    isFlushed = true;
  });
  await expect.poll(() => log).toEqual(['a', 'b', 'b is gone']);
  expect(isFlushed).toBe(false);
  answer.resolve();
  await flushed;
  await deletions.commit('b');
  expect(log).toEqual(['a', 'b', 'b is gone', 'a is gone']);
});

test('a link whose deletion failed is back, and may be deleted again', async () => {
  const failures = [new Error('no network')];
  const { log, deletions } = open(async () => {
    const failure = failures.pop();
    if (failure) throw failure;
  });
  deletions.delete('a');
  await deletions.flush();
  expect([...deletions.hidden()]).toEqual([]);
  deletions.delete('a');
  await deletions.flush();
  expect(log).toEqual(['a', 'a: no network', 'a', 'a is gone']);
});
