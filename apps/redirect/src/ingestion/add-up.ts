import type { DimensionValue } from './click-profile.ts';
import type { LinkQuarter } from './roll-up.ts';
import { dayOf } from './utc-day.ts';
import type { Visitor } from './visitor-hash.ts';

export interface LinkDay {
  linkId: number;
  /** UTC, `YYYY-MM-DD`. */
  day: string;
  clicks: number;
  bots: number;
  values: ReadonlyMap<DimensionValue, number>;
  visitors: ReadonlySet<Visitor>;
}

export interface LinkTotal {
  linkId: number;
  clicks: number;
  bots: number;
  lastClickedAt: number;
}

const dayMs = 86_400_000;

/** Adds up quarters, which are in order, to days. */
export function addUpDays(quarters: readonly LinkQuarter[]): LinkDay[] {
  return runsOf(quarters, dayMs).map((run) => ({
    linkId: run.first.linkId,
    day: dayOf(run.first.quarterAt),
    clicks: sum(run.all, 'clicks'),
    bots: sum(run.all, 'bots'),
    ...joined(run),
  }));
}

/** Adds up quarters, which are in order, to one row per link. */
export function addUpTotals(quarters: readonly LinkQuarter[]): LinkTotal[] {
  return runsOf(quarters, Number.POSITIVE_INFINITY).map(({ first, all }) => ({
    linkId: first.linkId,
    clicks: sum(all, 'clicks'),
    bots: sum(all, 'bots'),
    lastClickedAt: all.reduce((last, { lastClickedAt }) => Math.max(last, lastClickedAt), 0),
  }));
}

interface Run {
  first: LinkQuarter;
  all: LinkQuarter[];
}

/** Neighbours of the same link and the same period. */
function runsOf(quarters: readonly LinkQuarter[], periodMs: number): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const quarter of quarters) {
    const isSame =
      run?.first.linkId === quarter.linkId &&
      Math.floor(run.first.quarterAt / periodMs) === Math.floor(quarter.quarterAt / periodMs);
    if (run !== undefined && isSame) run.all.push(quarter);
    else {
      run = { first: quarter, all: [quarter] };
      runs.push(run);
    }
  }
  return runs;
}

function joined({ first, all }: Run): Pick<LinkDay, 'values' | 'visitors'> {
  // As a rule all clicks of a transaction are of one quarter.
  if (all.length === 1) return first;
  const values = new Map<DimensionValue, number>();
  const visitors = new Set<Visitor>();
  for (const quarter of all) {
    for (const [value, clicks] of quarter.values)
      values.set(value, (values.get(value) ?? 0) + clicks);
    for (const visitor of quarter.visitors) visitors.add(visitor);
  }
  return { values, visitors };
}

function sum(quarters: readonly LinkQuarter[], what: 'clicks' | 'bots'): number {
  return quarters.reduce((total, quarter) => total + quarter[what], 0);
}
