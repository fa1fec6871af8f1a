import type { SessionStore } from './session-store.ts';

/** On the session Redis's pub/sub: the id of each session that is ended, in JSON. One that lapses by its TTL is not told. */
export const sessionEndedChannel = 'session:ended';

/** A subscriber to pub/sub that knows whether messages arrive. That of `@shortstack/events` fits. */
export interface SessionEndFeed {
  readonly state: string;
  subscribe(listener: {
    channel: string;
    parse: (data: unknown) => string | undefined;
    onMessage: (id: string) => void;
    onLive: () => void;
  }): { close(): void };
}

export interface SessionWatchOptions {
  store: Pick<SessionStore<unknown>, 'isAlive'>;
  feed: SessionEndFeed;
  /** How often the sessions are looked at while messages don't arrive. Default 1,000. */
  checkMs?: number;
  /** After how many of these they are looked at although messages arrive: some lapse. Default 15. */
  checksWhileLive?: number;
}

/** Tells when sessions end, in whatever process that happens. */
export interface SessionWatch {
  /**
   * Calls `onEnd` once, at the latest `checkMs` after the session has ended, unless `close` is called before. While Redis is away nobody is
   * told anything: an outage signs nobody out.
   */
  watch(session: { tag: string; id: string }, onEnd: () => void): { close(): void };
  close(): void;
}

interface Watched {
  tag: string;
  listeners: Set<() => void>;
}

/**
 * Watches over sessions: one subscription for all of the process, and while that is broken, when it comes back, when one begins to be
 * watched, and now and then, EXISTS for each.
 */
export function createSessionWatch(options: SessionWatchOptions): SessionWatch {
  const { store, feed, checkMs = 1_000, checksWhileLive = 15 } = options;
  const watched = new Map<string, Watched>();
  let isChecking = false;
  let isAskedAgain = false;
  let ticks = 0;

  function end(id: string): void {
    const entry = watched.get(id);
    watched.delete(id);
    for (const onEnd of entry?.listeners ?? []) onEnd();
  }

  async function check(id: string, tag: string): Promise<void> {
    const isAlive = await store.isAlive(tag, id).catch(() => true);
    if (!isAlive) end(id);
  }

  async function checkAll(): Promise<void> {
    // A round under way may have asked before what there is to see now.
    isAskedAgain = true;
    if (isChecking) return;
    isChecking = true;
    while (isAskedAgain) {
      isAskedAgain = false;
      await Promise.all([...watched].map(([id, { tag }]) => check(id, tag)));
    }
    isChecking = false;
  }

  const subscription = feed.subscribe({
    channel: sessionEndedChannel,
    parse: (data) => (typeof data === 'string' ? data : undefined),
    onMessage: end,
    onLive: () => void checkAll(),
  });
  const timer = setInterval(() => {
    ticks += 1;
    if (feed.state !== 'live' || ticks % checksWhileLive === 0) void checkAll();
  }, checkMs);
  timer.unref();

  return {
    watch({ tag, id }, onEnd) {
      const entry = watched.get(id) ?? { tag, listeners: new Set() };
      watched.set(id, entry);
      entry.listeners.add(onEnd);
      // It may have ended since it was read.
      void check(id, tag);
      return {
        close() {
          entry.listeners.delete(onEnd);
          if (entry.listeners.size === 0 && watched.get(id) === entry) watched.delete(id);
        },
      };
    },
    close() {
      clearInterval(timer);
      subscription.close();
    },
  };
}
