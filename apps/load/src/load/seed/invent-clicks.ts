import { schema } from '@shortstack/db';

/** The clicks of one link, as lines for COPY, and what they add up to. */
export interface InventedClicks {
  /** Lines for `clicks`, made as they are read. */
  lines: Iterable<string>;
  /** Lines for the roll-up tables: ask when all clicks have been read. */
  rollUps(): { quarters: string; days: string; dimensions: string; totals: string };
}

const secondsPerDay = 86_400;
const secondsPerQuarter = 900;
const botEvery = 20;
const repeatEvery = 5;
const clicksPerActiveDay = 50;

const { referrer, country, browser, os, device } = schema.clickDimensions;
const people = combine();
const clock = Array.from({ length: secondsPerDay }, (_, second) =>
  new Date(second * 1_000).toISOString().slice(11, 19),
);

/**
 * Invents clicks of a link: spread over all of these days and hours if there are many, else over a part. Every 20th is a bot, and of people's on a day every 5th comes back; so
 * roll-ups agree with raw clicks, unique visitors too. Memory depends on the days, not on the number of clicks.
 *
 * @param days UTC, `YYYY-MM-DD`
 */
export function inventClicks(
  linkId: number,
  count: number,
  days: readonly string[],
  random: () => number,
): InventedClicks {
  const perDay = days.map(() => ({ clicks: 0, bots: 0, uniques: 0 }));
  const quarters = new Map<number, { clicks: number; bots: number }>();
  const dimensions = new Map<number, number>();
  const visitors = new Array<string>(days.length).fill('');
  let last = '';
  // Most links are followed for a while after somebody has shown them, and only popular ones all the time.
  const activeDays = Math.min(days.length, 1 + Math.floor(count / clicksPerActiveDay));
  const firstDay = Math.floor(random() * (days.length - activeDays + 1));
  const activeSeconds = Math.min(secondsPerDay, secondsPerQuarter * (1 + Math.floor(count / 4)));
  const firstSecond = Math.floor(random() * (secondsPerDay - activeSeconds + 1));

  function* lines(): Generator<string> {
    for (let number = 1; number <= count; number += 1) {
      const day = firstDay + Math.floor(random() * activeDays);
      const sums = perDay[day];
      if (sums === undefined) continue;
      const second = firstSecond + Math.floor(random() * activeSeconds);
      const kind = Math.floor(random() * people.length);
      const isBot = number % botEvery === 0;
      const quarter = day * 96 + Math.floor(second / secondsPerQuarter);
      const inQuarter = quarters.get(quarter) ?? { clicks: 0, bots: 0 };
      quarters.set(quarter, inQuarter);
      if (isBot) {
        sums.bots += 1;
        inQuarter.bots += 1;
      } else {
        sums.clicks += 1;
        inQuarter.clicks += 1;
        const key = day * people.length + kind;
        dimensions.set(key, (dimensions.get(key) ?? 0) + 1);
        if (sums.clicks % repeatEvery !== 0) {
          sums.uniques += 1;
          visitors[day] = `${Math.floor(random() * 2 ** 32) * 2 ** 20 + sums.uniques}`;
        }
      }
      const at = `${days[day]} ${clock[second]}+00`;
      if (at > last) last = at;
      const visitor = visitors[day] || '0';
      yield `${at}\t${linkId}\tseed-${linkId}-${number}\t${visitor}\t${isBot ? 't' : 'f'}\t${people[kind]?.line}\n`;
    }
  }

  function rollUps() {
    let all = { clicks: 0, bots: 0 };
    let dayLines = '';
    for (const [at, { clicks, bots, uniques }] of perDay.entries()) {
      if (clicks + bots > 0) dayLines += `${linkId}\t${days[at]}\t${clicks}\t${bots}\t${uniques}\n`;
      all = { clicks: all.clicks + clicks, bots: all.bots + bots };
    }
    let quarterLines = '';
    for (const [quarter, { clicks, bots }] of quarters) {
      const at = `${days[Math.floor(quarter / 96)]} ${clock[(quarter % 96) * secondsPerQuarter]}+00`;
      quarterLines += `${linkId}\t${at}\t${clicks}\t${bots}\n`;
    }
    return {
      quarters: quarterLines,
      days: dayLines,
      dimensions: dimensionLines(linkId, days, dimensions),
      totals: `${linkId}\t${all.clicks}\t${all.bots}\t${last}\n`,
    };
  }

  return { lines: lines(), rollUps };
}

/** From counts by day and kind of visitor to counts by day and value of each dimension. */
function dimensionLines(
  linkId: number,
  days: readonly string[],
  counts: ReadonlyMap<number, number>,
): string {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) {
    const day = days[Math.floor(key / people.length)];
    for (const [dimension, value] of people[key % people.length]?.values ?? []) {
      const name = `${linkId}\t${day}\t${dimension}\t${value}`;
      sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  let lines = '';
  for (const [name, count] of sums) lines += `${name}\t${count}\n`;
  return lines;
}

/** Every combination of a few referrers, countries and devices; common ones are named twice. */
function combine() {
  const referrers = ['', '', 'news.ycombinator.com', 'google.com', 't.co', 'linkedin.com'];
  const countries = ['US', 'US', 'DE', 'IN', 'BR', 'FR', 'JP', 'NG'];
  const systems = [
    ['Chrome', 'Windows', 'desktop'],
    ['Safari', 'iOS', 'mobile'],
    ['Chrome', 'Android', 'mobile'],
    ['Firefox', 'Linux', 'desktop'],
  ] as const;
  return referrers.flatMap((from) =>
    countries.flatMap((where) =>
      systems.map(([name, system, kind]) => ({
        line: [from || '\\N', where, name, system, kind].join('\t'),
        values: [
          // What no referrer is called in statistics.
          [referrer, from || 'direct'],
          [country, where],
          [browser, name],
          [os, system],
          [device, kind],
        ] as const,
      })),
    ),
  );
}
