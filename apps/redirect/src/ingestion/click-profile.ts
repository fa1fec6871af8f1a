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

/** What follows from one header by itself, in the forms that are needed. */
interface Part {
  values: readonly DimensionValue[];
  copied: string;
}

/**
 * Works out profiles and remembers them and their parts: doing it costs some 10 µs, and a day's traffic has few that
 * differ. `trim` forgets them all when they are many; call it between two transactions.
 */
export function createProfileReader(parseUserAgent: UserAgentParser) {
  const profiles = new Map<string, ClickProfile>();
  const values = new Map<string, DimensionValue>();
  const agents = new Map<string, ReturnType<UserAgentParser> & Part>();
  const referrers = new Map<string, { referrer: string | null } & Part>();

  function dimensionValue(
    dimension: keyof typeof schema.clickDimensions,
    value: string,
  ): DimensionValue {
    const key = `${dimension} ${value}`;
    return remembered(values, key, () => ({ dimension: schema.clickDimensions[dimension], value }));
  }

  function partOf(
    fields: Partial<Record<keyof typeof schema.clickDimensions, string | null>>,
  ): Part {
    const entries = Object.entries(fields) as [
      keyof typeof schema.clickDimensions,
      string | null,
    ][];
    return {
      values: entries.flatMap(([name, value]) =>
        value === null ? [] : [dimensionValue(name, value)],
      ),
      copied: entries.map(([, value]) => binaryText(value)).join(''),
    };
  }

  function profileOf(text: string): ClickProfile {
    const [prefetch, userAgent = '', referrerUrl = '', countryCode = ''] = text.split('\n');
    const agent = remembered(agents, userAgent, () => {
      const { isBot, browser, os, device } = parseUserAgent(userAgent);
      return { isBot, browser, os, device, ...partOf({ browser, os, device }) };
    });
    const source = remembered(referrers, referrerUrl, () => {
      const referrer = referrerHost(referrerUrl);
      const { values } = partOf({ referrer: referrer ?? direct });
      return { referrer, values, copied: binaryText(referrer) };
    });
    const country = /^[A-Z]{2}$/.test(countryCode) ? countryCode : null;
    const place = partOf({ country });
    const { browser, os, device } = agent;
    const isBot = agent.isBot || prefetch === '1';
    return {
      ...{ userAgent, isBot, referrer: source.referrer, country, browser, os, device },
      values: [...source.values, ...place.values, ...agent.values],
      copied: binaryBoolean(isBot) + source.copied + place.copied + agent.copied,
    };
  }

  return {
    profileOf(given: string): ClickProfile {
      const known = profiles.get(given);
      if (known !== undefined) return known;
      // A copy: what is cut from a payload keeps all of the payload in memory.
      const text = Buffer.from(given).toString();
      return remembered(profiles, text, () => profileOf(text));
    },
    trim(): void {
      if (profiles.size <= maxProfiles) return;
      for (const memory of [profiles, values, agents, referrers]) memory.clear();
    },
  };
}

function remembered<V>(memory: Map<string, V>, key: string, make: () => V): V {
  let found = memory.get(key);
  if (found === undefined) {
    found = make();
    memory.set(key, found);
  }
  return found;
}

function referrerHost(referrer: string): string | null {
  if (!URL.canParse(referrer)) return null;
  return new URL(referrer).hostname.replace(/^www\./, '').slice(0, 255) || null;
}
