import { LiveClicks, redisChannels } from '@shortstack/contracts';
import { unavailable } from '@shortstack/errors';
import type { Subscriber, WatchList } from '@shortstack/events';
import { Compile } from 'typebox/compile';

interface ClickWatcher {
  onClicks: (clicks: LiveClicks) => void;
  /** Clicks may have been missed: the hub was away. */
  onMissed: () => void;
}

export interface LiveClickFeed {
  /**
   * Shows the clicks of a link as they are counted, from when it resolves until `close`. Rejects with `LIVE_CLICKS_UNAVAILABLE`
   * while the hub is away, or where too many links are watched already.
   */
  watch(linkId: number, watcher: ClickWatcher): Promise<{ close(): void }>;
  close(): void;
}

export interface LiveClickFeedOptions {
  subscriber: Subscriber;
  watchList: WatchList;
  /** How often what is watched is told again; well within the list's TTL. Default 10,000. */
  renewMs?: number;
  onError: (error: unknown) => void;
}

const liveWithinMs = 1_000;
const liveClicks = Compile(LiveClicks);

/** Listens to the links' channels on the hub for everyone in this process who watches one. */
export function createLiveClickFeed(options: LiveClickFeedOptions): LiveClickFeed {
  const { subscriber, watchList, renewMs = 10_000, onError } = options;
  /** How many watch each link. */
  const watched = new Map<string, number>();
  const renewal = setInterval(() => {
    watchList.add([...watched.keys()]).catch(onError);
  }, renewMs);
  renewal.unref();

  function begin(id: string) {
    watched.set(id, (watched.get(id) ?? 0) + 1);
  }
  function end(id: string) {
    const left = (watched.get(id) ?? 1) - 1;
    if (left > 0) watched.set(id, left);
    else watched.delete(id);
  }

  return {
    async watch(linkId, { onClicks, onMissed }) {
      const id = String(linkId);
      const live = Promise.withResolvers<boolean>();
      let wasLive = false;
      const subscription = subscriber.subscribe({
        channel: redisChannels.liveClicks(id),
        parse: (data) => (liveClicks.Check(data) ? data : undefined),
        onMessage: onClicks,
        onLive() {
          if (wasLive) onMissed();
          wasLive = true;
          live.resolve(true);
        },
      });
      begin(id);
      let isOpen = true;
      const close = () => {
        if (!isOpen) return;
        isOpen = false;
        subscription.close();
        end(id);
      };
      const timer = setTimeout(() => live.resolve(false), liveWithinMs);
      try {
        if ((await live.promise) && (await watchList.add([id]))) return { close };
      } catch (error) {
        close();
        throw liveClicksUnavailable(error);
      } finally {
        clearTimeout(timer);
      }
      close();
      throw liveClicksUnavailable();
    },
    close: () => clearInterval(renewal),
  };
}

function liveClicksUnavailable(cause?: unknown) {
  return unavailable('LIVE_CLICKS_UNAVAILABLE', 'Live clicks can’t be shown at the moment.', {
    cause,
    retryAfterSeconds: 5,
  });
}
