import { fullJitterMs, pause } from './backoff.ts';
import type { Subscriber } from './create-subscriber.ts';

export interface FollowValueOptions<T> {
  /** Reads the value from where it is kept. Must end by itself: give it a deadline. */
  load: () => Promise<T>;
  /** What holds until the first load succeeds. */
  initial: T;
  /** Where changes are announced. Stays the caller's. */
  subscriber: Subscriber;
  /** The channel that says "it has changed"; what the message holds doesn't matter. */
  channel: string;
  /** How often it is read without being told. Default 5,000. */
  pollMs?: number;
  /** Told of each value that differs from the one before, by JSON. */
  onChange?: (value: T) => void;
  /** For the log: a load that failed. The last known value holds. */
  onError?: (error: unknown) => void;
}

export interface FollowedValue<T> {
  /** The last known one. */
  readonly current: T;
  /** Reads it again now, and resolves once that was tried. Calls that come meanwhile share the next reading. */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Keeps a value up to date that is kept elsewhere, such as in a database: read anew within milliseconds of a notice, and every `pollMs` in any
 * case, so a lost notice or a hub that is away costs `pollMs` and no more. While the source is away the last known value holds.
 * The notice carries no value: there is one truth, and no order of messages to get wrong.
 */
export function followValue<T>(options: FollowValueOptions<T>): FollowedValue<T> {
  const { load, subscriber, channel, pollMs = 5_000, onError = () => {} } = options;
  const stop = new AbortController();
  let current = options.initial;
  let known = JSON.stringify(current);
  let loading: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failures = 0;

  async function loadNow() {
    try {
      const value = await load();
      failures = 0;
      const text = JSON.stringify(value);
      if (stop.signal.aborted || text === known) return;
      known = text;
      current = value;
      options.onChange?.(value);
    } catch (error) {
      failures += 1;
      onError(error);
    }
  }

  /** A reading that has begun may have seen what was there before the call, so it does not count. */
  function refresh(): Promise<void> {
    if (stop.signal.aborted) return Promise.resolve();
    if (loading === undefined) {
      loading = loadNow().finally(() => {
        loading = undefined;
      });
      return loading;
    }
    next ??= loading.then(() => {
      next = undefined;
      return refresh();
    });
    return next;
  }

  const subscription = subscriber.subscribe({
    channel,
    parse: () => true,
    onMessage: () => void refresh(),
    onLive: () => void refresh(),
  });

  async function poll() {
    while (!stop.signal.aborted) {
      await refresh();
      const waitMs = failures === 0 ? pollMs : fullJitterMs(failures, pollMs);
      await pause(waitMs, stop.signal);
    }
  }
  const polling = poll();

  return {
    get current() {
      return current;
    },
    refresh,
    async close() {
      subscription.close();
      stop.abort();
      await polling;
      await loading;
    },
  };
}
