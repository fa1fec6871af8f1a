import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** Default 5,000. */
  deadlineMs?: number;
  /** What was waited for, to be named when it doesn't happen. */
  message?: string;
}

const POLL_MS = 10;

/**
 * Calls `condition` every 10 ms until it returns something truthy, and returns that. A condition that
 * throws is not met yet. At the deadline it rejects with `message`, the last value, and the last error
 * as its cause; a call that hangs past the deadline is not waited for.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 5_000, message = 'The condition was not met' }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  let last: { value?: T; error?: Error } = {};
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    last = await attempt(condition, left);
    if (last.value) return last.value;
    await pause(POLL_MS);
  }
  const seen = last.error === undefined ? `last value: ${String(last.value)}` : String(last.error);
  throw new Error(`${message} within ${deadlineMs} ms (${seen})`, { cause: last.error });
}

async function attempt<T>(
  condition: () => T | Promise<T>,
  timeoutMs: number,
): Promise<{ value?: T; error?: Error }> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the condition itself hangs')), timeoutMs);
  });
  try {
    return { value: await Promise.race([condition(), timeout]) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    clearTimeout(timer);
  }
}
