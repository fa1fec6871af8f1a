import { AppError } from '@shortstack/errors';
import { fullJitterMs, pause } from './backoff.ts';
import type { StreamEvent } from './stream-event.ts';

/** Handles one event. It may be called more than once for an event, so its effects must be repeatable. */
export type EventHandler = (event: StreamEvent) => Promise<void>;

const maxBackoffMs = 15_000;

/**
 * Tries a handler until it succeeds (`done`), has failed `maxAttempts` times (the last error), or the signal aborts while it waits (`stopped`).
 * An `AppError` of kind `unavailable` counts as no attempt: the next event would meet the same outage, so waiting
 * for its end beats burying one event after the other.
 */
export async function handleEvent(
  event: StreamEvent,
  handler: EventHandler,
  options: { maxAttempts: number; signal: AbortSignal; onError: (error: unknown) => void },
): Promise<'done' | 'stopped' | Error> {
  for (let tries = 0, attempts = 0; ; tries += 1) {
    try {
      await handler(event);
      return 'done';
    } catch (error) {
      options.onError(error);
      const away = error instanceof AppError && error.kind === 'unavailable';
      if (!away) attempts += 1;
      if (attempts >= options.maxAttempts) {
        return error instanceof Error ? error : new Error(String(error));
      }
      if (!(await pause(fullJitterMs(tries, maxBackoffMs), options.signal))) return 'stopped';
    }
  }
}
