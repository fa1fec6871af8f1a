import { type LiveClicks, maxLiveClicks, redisChannels } from '@shortstack/contracts';
import type { Click } from '../ingestion/derive-click.ts';

export interface LiveClickPublisherOptions {
  /** Ids of the links that somebody looks on at. */
  watchedLinks: () => Promise<string[]>;
  notify: (channel: string, message: LiveClicks) => Promise<void>;
  onError: (error: unknown) => void;
}

export interface LiveClickPublisher {
  /** Shows clicks that have been counted to whoever looks on. Returns at once and never fails. */
  counted(clicks: readonly Click[]): void;
  /** `dropped`: neither shown nor known to be watched, because the hub was away or slow. */
  stats(): { shown: number; dropped: number };
  close(): Promise<void>;
}

/** What may wait for a slow hub. */
const maxWaiting = 50_000;

/**
 * Publishes counted clicks to those who watch their links. One look at the watch list per counted transaction, of which there are a
 * few a second, and nothing more while nobody watches; one message per watched link and round, however many its clicks.
 * It may lose some: who needs every click reads the statistics.
 */
export function createLiveClickPublisher(options: LiveClickPublisherOptions): LiveClickPublisher {
  const { watchedLinks, notify, onError } = options;
  let waiting: Click[] = [];
  let round: Promise<void> | undefined;
  const stats = { shown: 0, dropped: 0 };

  async function publish(clicks: readonly Click[]): Promise<void> {
    try {
      const watched = new Set((await watchedLinks()).map(Number));
      if (watched.size === 0) return;
      const messages = messagesOf(clicks.filter(({ linkId }) => watched.has(linkId)));
      await Promise.all(
        [...messages].map(async ([linkId, message]) => {
          await notify(redisChannels.liveClicks(linkId), message);
          stats.shown += message.clicks.length + message.more;
        }),
      );
    } catch (error) {
      stats.dropped += clicks.length;
      onError(error);
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const clicks = waiting;
      waiting = [];
      await publish(clicks);
    }
    round = undefined;
  }

  return {
    counted(clicks) {
      if (waiting.length + clicks.length > maxWaiting) {
        stats.dropped += clicks.length;
        return;
      }
      for (const click of clicks) waiting.push(click);
      round ??= run();
    },
    stats: () => ({ ...stats }),
    async close() {
      await round;
    },
  };
}

/** One message per link. */
function messagesOf(clicks: readonly Click[]): Map<number, LiveClicks> {
  const messages = new Map<number, LiveClicks>();
  for (const click of clicks) {
    const { linkId, clickedAt } = click;
    const { isBot, referrer, country, browser, os, device } = click.profile;
    const message = messages.get(linkId) ?? { clicks: [], more: 0 };
    messages.set(linkId, message);
    if (message.clicks.length === maxLiveClicks) message.more += 1;
    else {
      const time = new Date(clickedAt).toISOString();
      message.clicks.push({ time, isBot, referrer, country, browser, os, device });
    }
  }
  return messages;
}
