import { expect, test } from 'vitest';
import { until } from './until.ts';

test('resolves to the first truthy value', async () => {
  let calls = 0;
  expect(await until(() => (++calls === 3 ? 'third' : undefined))).toBe('third');
  expect(calls).toBe(3);
});

test('goes on after an error', async () => {
  let calls = 0;
  const condition = async () => {
    if (++calls === 1) throw new Error('not yet');
    return true;
  };
  expect(await until(condition)).toBe(true);
});

test('names what was waited for and the last error at the deadline', async () => {
  const failure = new Error('still down');
  const waiting = until(() => Promise.reject(failure), { deadlineMs: 50, message: 'no server' });
  await expect(waiting).rejects.toMatchObject({
    message: 'no server within 50 ms (Error: still down)',
    cause: failure,
  });
});

test('does not wait for a condition that hangs', async () => {
  const waiting = until(() => new Promise(() => {}), { deadlineMs: 50 });
  await expect(waiting).rejects.toThrow('the condition itself hangs');
});
