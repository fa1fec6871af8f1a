import { schema } from '@shortstack/db';
import type { UserAgentParser } from '../domain/user-agent.ts';
import { binaryBoolean, binaryText } from './binary-copy.ts';

/** A value of a dimension that statistics break clicks down by. */
export interface DimensionValue {
  /** See `clickDimensions`. */
  dimension: number;
  value: string;
}

/** What follows from the user agent, referrer and country of a click. Bots and prefetches are `isBot`: they count apart. */
export interface ClickProfile {
  userAgent: string;
  isBot: boolean;
  referrer: string | null;
  country: string | null;
  browser: string | null;
  os: string | null;
  device: string | null;
  /** What it counts for. The same value is the same object, until the next `trim`. */
  values: readonly DimensionValue[];
  /** `is_bot`, `referrer`, `country`, `browser`, `os` and `device` for COPY. */
  copied: string;
}

/** What no referrer is called in statistics. */
const direct = 'direct';

/** About 30 MB as headers usually are. */
const maxProfiles = 50_000;

/**
 * Works out profiles and remembers them: doing it costs some 10 µs, and a day's traffic has few that
 * differ. `trim` forgets them all when they are many; call it between two transactions.
 */
export function createProfileReader(parseUserAgent: UserAgentParser) {
  const profiles = new Map<string, ClickProfile>();
  const values = new Map<string, DimensionValue>();

  function valueOf(dimension: keyof typeof schema.clickDimensions, value: string): DimensionValue {
    const key = `${dimension} ${value}`;
    let found = values.get(key);
    if (found === undefined) {
      found = { dimension: schema.clickDimensions[dimension], value };
      values.set(key, found);
    }
    return found;
  }

  function work(text: string): ClickProfile {
    const [prefetch, userAgent = '', referrerUrl = '', countryCode = ''] = text.split('\n');
    const parsed = parseUserAgent(userAgent);
    const { browser, os, device } = parsed;
    const isBot = parsed.isBot || prefetch === '1';
    const referrer = referrerHost(referrerUrl);
    const country = /^[A-Z]{2}$/.test(countryCode) ? countryCode : null;
    return {
      ...{ userAgent, isBot, referrer, country, browser, os, device },
      values: [
        valueOf('referrer', referrer ?? direct),
        ...(country === null ? [] : [valueOf('country', country)]),
        ...(browser === null ? [] : [valueOf('browser', browser)]),
        ...(os === null ? [] : [valueOf('os', os)]),
        ...(device === null ? [] : [valueOf('device', device)]),
      ],
      copied:
        binaryBoolean(isBot) + [referrer, country, browser, os, device].map(binaryText).join(''),
    };
  }

  return {
    profileOf(given: string): ClickProfile {
      let found = profiles.get(given);
      if (found === undefined) {
        // A copy: what is cut from a payload keeps all of the payload in memory.
        const text = Buffer.from(given).toString();
        found = work(text);
        profiles.set(text, found);
      }
      return found;
    },
    trim(): void {
      if (profiles.size <= maxProfiles) return;
      profiles.clear();
      values.clear();
    },
  };
}

function referrerHost(referrer: string): string | null {
  if (!URL.canParse(referrer)) return null;
  return new URL(referrer).hostname.replace(/^www\./, '').slice(0, 255) || null;
}
