import { LRUCache } from 'lru-cache';
import type { RawClick } from '../clicks/click-batch.ts';
import type { UserAgentParser } from '../domain/user-agent.ts';
import type { VisitorHash } from './visitor-hash.ts';

/** A click as it is stored and counted. Bots and prefetches are `isBot`: they count apart. */
export interface Click {
  /** Milliseconds since the epoch. */
  clickedAt: number;
  /** UTC, `YYYY-MM-DD`. */
  day: string;
  linkId: number;
  requestId: string;
  visitor: bigint | null;
  isBot: boolean;
  referrer: string | null;
  country: string | null;
  browser: string | null;
  os: string | null;
  device: string | null;
}

export interface ClickDeriverOptions {
  parseUserAgent: UserAgentParser;
  visitorHash: VisitorHash;
}

/** A click whose clock runs ahead more than this counts as of now: nobody makes partitions of the far future. */
const maxAheadMs = 60_000;

/** Works out everything that redirect did not take the time for. */
export function createClickDeriver({ parseUserAgent, visitorHash }: ClickDeriverOptions) {
  const hosts = new LRUCache<string, string>({ max: 20_000 });

  function referrerHost(referrer: string): string | null {
    if (referrer === '') return null;
    let host = hosts.get(referrer);
    if (host === undefined) {
      host = URL.canParse(referrer)
        ? new URL(referrer).hostname.replace(/^www\./, '').slice(0, 255)
        : '';
      hosts.set(referrer, host);
    }
    return host || null;
  }

  return (raw: RawClick, now: number): Click => {
    const clickedAt = clickTime(raw.clickedAt, now);
    const day = dayOf(clickedAt);
    const { isBot, browser, os, device } = parseUserAgent(raw.userAgent);
    return {
      clickedAt,
      day,
      linkId: raw.linkId,
      requestId: raw.requestId,
      visitor: visitorHash(day, raw.address, raw.userAgent),
      isBot: isBot || raw.isPrefetch,
      referrer: referrerHost(raw.referrer),
      country: /^[A-Z]{2}$/.test(raw.country) ? raw.country : null,
      browser,
      os,
      device,
    };
  };
}

/** When a click counts as made. */
export function clickTime(clickedAt: number, now: number): number {
  return clickedAt > now + maxAheadMs ? now : clickedAt;
}

/** The UTC day of a moment, `YYYY-MM-DD`. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
