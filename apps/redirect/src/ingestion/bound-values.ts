import type { PoolClient } from 'pg';
import type { LinkDay } from './add-up.ts';
import type { DimensionValue } from './click-profile.ts';

/** How many values a link may have per day and dimension. */
const maxValues = 100;

/** What all further ones are called. */
const other = 'other';

/** About 15 MB. */
const maxStored = 300_000;

/**
 * Keeps referrers, browsers and the like from growing without bound: a header can say anything, and a link that is flooded with
 * inventions would have a row for each. Per link, day and dimension the first hundred values get rows of their own, all further ones count
 * as `other`. Must be called under the locks of `link_totals`.
 *
 * Cost: nothing while only values come that this process has seen stored; else one query for those links. It remembers them in
 * memory, even if the transaction fails: then some links may get a few values more.
 */
export function createValueBound() {
  const stored = new Map<DimensionValue, Map<number, string>>();
  const others = new Map<number, DimensionValue>();
  let storedCount = 0;

  function store(value: DimensionValue, { linkId, day }: LinkDay): void {
    let days = stored.get(value);
    if (days === undefined) {
      days = new Map();
      stored.set(value, days);
    }
    if (!days.has(linkId)) storedCount += 1;
    days.set(linkId, day);
  }

  const isStored = (value: DimensionValue, { linkId, day }: LinkDay) =>
    stored.get(value)?.get(linkId) === day;

  function otherOf({ dimension }: DimensionValue): DimensionValue {
    const found = others.get(dimension) ?? { dimension, value: other };
    others.set(dimension, found);
    return found;
  }

  function bound(day: LinkDay, existing: ReadonlySet<string>): LinkDay {
    const counts = Map.groupBy(existing, (name) => name.slice(0, name.indexOf(' ')));
    const room = new Map<number, number>();
    const values = new Map<DimensionValue, number>();
    for (const [value, clicks] of day.values) {
      const { dimension } = value;
      const left = room.get(dimension) ?? maxValues - (counts.get(`${dimension}`)?.length ?? 0);
      const isNew = !existing.has(nameOf(value));
      const kept = isNew && left <= 0 ? otherOf(value) : value;
      room.set(dimension, isNew ? left - 1 : left);
      if (kept === value) store(value, day);
      values.set(kept, (values.get(kept) ?? 0) + clicks);
    }
    return { ...day, values };
  }

  return async function boundValues(
    client: PoolClient,
    days: readonly LinkDay[],
  ): Promise<readonly LinkDay[]> {
    if (storedCount > maxStored) {
      stored.clear();
      storedCount = 0;
    }
    const isNews = (day: LinkDay) => [...day.values.keys()].some((value) => !isStored(value, day));
    const news = new Set(days.filter(isNews));
    if (news.size === 0) return days;
    const existing = await storedValues(client, [...news]);
    const none: ReadonlySet<string> = new Set();
    return days.map((day) =>
      news.has(day) ? bound(day, existing.get(`${day.linkId} ${day.day}`) ?? none) : day,
    );
  };
}

/** The names of what is stored, by link and day. */
async function storedValues(
  client: PoolClient,
  days: readonly LinkDay[],
): Promise<Map<string, ReadonlySet<string>>> {
  const { rows } = await client.query<{ key: string; names: string[] }>(
    `SELECT link_id || ' ' || to_char(day, 'YYYY-MM-DD') AS key, array_agg(dimension || ' ' || value) AS names
     FROM unnest($1::int8[], $2::date[]) AS asked (link_id, day) JOIN link_dimensions USING (link_id, day)
     GROUP BY link_id, day`,
    [days.map(({ linkId }) => linkId), days.map(({ day }) => day)],
  );
  return new Map(rows.map(({ key, names }) => [key, new Set(names)]));
}

function nameOf({ dimension, value }: DimensionValue): string {
  return `${dimension} ${value}`;
}
