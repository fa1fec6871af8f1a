import type { ClickProfile } from './click-profile.ts';
import type { ParsedClick } from './parse-clicks.ts';
import { dayStart } from './utc-day.ts';
import type { Visitor, VisitorHash } from './visitor-hash.ts';

/** A click as it is stored and counted. */
export interface Click {
  /** Milliseconds since the epoch. */
  clickedAt: number;
  linkId: number;
  requestId: string;
  profile: ClickProfile;
  /** Null when the day's salt is gone. */
  visitor: Visitor | null;
}

export interface ClickDeriverOptions {
  profileOf: (profile: string) => ClickProfile;
  visitorHash: VisitorHash;
}

/** A click whose clock runs ahead more than this counts as of now: nobody makes partitions of the far future. */
const maxAheadMs = 60_000;

/** Works out everything that redirect did not take the time for. */
export function createClickDeriver({ profileOf, visitorHash }: ClickDeriverOptions) {
  return (raw: ParsedClick, now: number): Click => {
    const clickedAt = clickTime(raw.clickedAt, now);
    const profile = profileOf(raw.profile);
    const visitor = visitorHash(dayStart(clickedAt), raw.address, profile.userAgent);
    return { clickedAt, linkId: raw.linkId, requestId: raw.requestId, profile, visitor };
  };
}

/** When a click counts as made. */
export function clickTime(clickedAt: number, now: number): number {
  return clickedAt > now + maxAheadMs ? now : clickedAt;
}
