import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeferredDeletions } from './deferred-deletions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(send: (slug: string) => Promise<void> = async () => {}) {
  const log: string[] = [];
  const deletions = createDeferredDeletions({
    delayMs: 8_000,
    async send(slug, isLeaving) {
      log.push(`${slug}${isLeaving ? ' while leaving' : ''}`);
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
  expect([...deletions.hidden()]).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(7_999);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['a', 'a is gone']);
  expect([...deletions.hidden()]).toEqual(['a']);
});

test('an undone deletion is never sent, and the link is back', async () => {
  const { log, deletions } = open();
  deletions.delete('a');
  deletions.undo('a');
  expect([...deletions.hidden()]).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  await deletions.flush();
  expect(log).toEqual([]);
});

test('whoever leaves sends what waits, once', async () => {
  const { log, deletions } = open();
  deletions.delete('a');
  deletions.delete('b');
  await deletions.flush(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual(['a while leaving', 'b while leaving', 'a is gone', 'b is gone']);
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
