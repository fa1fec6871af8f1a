import type { DimensionValue } from './click-profile.ts';
import type { Click } from './derive-click.ts';
import type { Visitor } from './visitor-hash.ts';

/** What a link's clicks of one quarter of an hour add up to. Breakdowns and visitors are of people only. */
export interface LinkQuarter {
  linkId: number;
  /** When it began, in milliseconds since the epoch. */
  quarterAt: number;
  clicks: number;
  bots: number;
  lastClickedAt: number;
  minutes: Minute[];
  values: Map<DimensionValue, number>;
  visitors: Set<Visitor>;
}

interface Minute {
  /** When it began, in milliseconds since the epoch. */
  minuteAt: number;
  clicks: number;
  bots: number;
}

const quarterMs = 900_000;
const minuteMs = 60_000;

/**
 * Adds up clicks by link and quarter of an hour, in the order of both, and in each by minute. Everything longer is a sum of quarters.
 */
export function rollUp(clicks: readonly Click[]): LinkQuarter[] {
  const sums = new Map<number, Map<number, LinkQuarter>>();
  for (const { clickedAt, linkId, profile, visitor } of clicks) {
    const quarter = quarterOf(sums, linkId, clickedAt - (clickedAt % quarterMs));
    if (clickedAt > quarter.lastClickedAt) quarter.lastClickedAt = clickedAt;
    const minute = minuteOf(quarter, clickedAt - (clickedAt % minuteMs));
    if (profile.isBot) {
      quarter.bots += 1;
      minute.bots += 1;
      continue;
    }
    quarter.clicks += 1;
    minute.clicks += 1;
    if (visitor !== null) quarter.visitors.add(visitor);
    const { values } = quarter;
    for (const value of profile.values) values.set(value, (values.get(value) ?? 0) + 1);
  }
  return [...sums.values()]
    .flatMap((links) => [...links.values()])
    .sort((a, b) => a.linkId - b.linkId || a.quarterAt - b.quarterAt);
}

function quarterOf(
  sums: Map<number, Map<number, LinkQuarter>>,
  linkId: number,
  quarterAt: number,
): LinkQuarter {
  let links = sums.get(quarterAt);
  if (links === undefined) {
    links = new Map();
    sums.set(quarterAt, links);
  }
  let quarter = links.get(linkId);
  if (quarter === undefined) {
    quarter = {
      ...{ linkId, quarterAt, clicks: 0, bots: 0, lastClickedAt: 0 },
      ...{ minutes: [], values: new Map(), visitors: new Set() },
    };
    links.set(linkId, quarter);
  }
  return quarter;
}

function minuteOf({ minutes }: LinkQuarter, minuteAt: number): Minute {
  // Clicks come nearly in the order of time.
  let minute = minutes.at(-1);
  if (minute?.minuteAt === minuteAt) return minute;
  minute = minutes.find((each) => each.minuteAt === minuteAt);
  if (minute === undefined) {
    minute = { minuteAt, clicks: 0, bots: 0 };
    minutes.push(minute);
  }
  return minute;
}
