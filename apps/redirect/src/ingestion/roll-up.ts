import type { Click } from './derive-click.ts';

/** One row to add to a roll-up table. */
export interface RollUps {
  quarters: Map<string, { linkId: number; quarterAt: number; clicks: number; bots: number }>;
  days: Map<string, { linkId: number; day: string; clicks: number; bots: number }>;
  dimensions: Map<
    string,
    { linkId: number; day: string; dimension: number; value: string; clicks: number }
  >;
  totals: Map<number, { linkId: number; clicks: number; bots: number; lastClickedAt: number }>;
  visitors: Map<string, { linkId: number; day: string; visitor: bigint }>;
}

const quarterMs = 900_000;

/** What no referrer is called in statistics. */
const direct = 'direct';

/** Adds up clicks by link and quarter of an hour, day, dimension, and for ever. Breakdowns and visitors are of people only. */
export function rollUp(
  clicks: readonly Click[],
  dimensionNumbers: Readonly<Record<string, number>>,
): RollUps {
  const sums: RollUps = {
    quarters: new Map(),
    days: new Map(),
    dimensions: new Map(),
    totals: new Map(),
    visitors: new Map(),
  };
  for (const click of clicks) {
    const { linkId, day, isBot } = click;
    const quarterAt = click.clickedAt - (click.clickedAt % quarterMs);
    add(sums.quarters, `${linkId} ${quarterAt}`, isBot, () => ({
      linkId,
      quarterAt,
      clicks: 0,
      bots: 0,
    }));
    add(sums.days, `${linkId} ${day}`, isBot, () => ({ linkId, day, clicks: 0, bots: 0 }));
    const total = add(sums.totals, linkId, isBot, () => ({
      linkId,
      clicks: 0,
      bots: 0,
      lastClickedAt: 0,
    }));
    total.lastClickedAt = Math.max(total.lastClickedAt, click.clickedAt);
    if (isBot) continue;
    if (click.visitor !== null) {
      sums.visitors.set(`${linkId} ${day} ${click.visitor}`, {
        linkId,
        day,
        visitor: click.visitor,
      });
    }
    for (const [name, dimension] of Object.entries(dimensionNumbers)) {
      const value = name === 'referrer' ? (click.referrer ?? direct) : click[name as 'country'];
      if (value === null) continue;
      const key = `${linkId} ${day} ${dimension} ${value}`;
      const row = sums.dimensions.get(key);
      if (row === undefined) sums.dimensions.set(key, { linkId, day, dimension, value, clicks: 1 });
      else row.clicks += 1;
    }
  }
  return sums;
}

function add<K, R extends { clicks: number; bots: number }>(
  rows: Map<K, R>,
  key: K,
  isBot: boolean,
  make: () => R,
): R {
  let row = rows.get(key);
  if (row === undefined) {
    row = make();
    rows.set(key, row);
  }
  if (isBot) row.bots += 1;
  else row.clicks += 1;
  return row;
}
