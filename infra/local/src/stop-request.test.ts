import { expect, onTestFinished, test, vi } from 'vitest';
import { listenForStop } from './stop-request.ts';

test('one Ctrl-C that arrives twice is one request; another more than a second later is impatience', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { signal, hurry } = listenForStop();

  process.emit('SIGINT');
  expect(signal.reason).toBe('Ctrl-C');
  vi.advanceTimersByTime(1_000);
  process.emit('SIGINT');
  expect(hurry.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  process.emit('SIGINT');
  expect(hurry.aborted).toBe(true);
});
