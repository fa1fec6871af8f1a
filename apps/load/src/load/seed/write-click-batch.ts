import type { Client } from 'pg';
import type { ClickBatch } from './click-batches.ts';
import { rollUpStatements } from './roll-up-statements.ts';
import { firstSeededId } from './seeded-links.ts';

/** Each session has its own, empty after each transaction. */
const batchTable = 'seeded_clicks';
const rollUps = rollUpStatements(batchTable);

/** Makes the table for the clicks of a batch. They are in the cache of temporary tables, and their roll-ups are made from there. */
export async function prepareClickBatches(client: Client): Promise<void> {
  await client.query(`CREATE TEMP TABLE ${batchTable} (LIKE clicks) ON COMMIT DELETE ROWS`);
}

/**
 * Writes a batch of invented clicks and their roll-ups, in the transaction of the caller. The server invents them, so nothing travels:
 * this is bound by what PostgreSQL takes for rows and indexes.
 *
 * @param firstDay UTC, in s since the epoch
 */
export async function writeClickBatch(
  client: Client,
  { first, counts, from, to }: ClickBatch,
  { firstDay, days }: { firstDay: number; days: number },
): Promise<void> {
  await client.query(invention, [firstSeededId + first, counts, from, to, firstDay, days]);
  await client.query(`INSERT INTO clicks SELECT * FROM ${batchTable}`);
  for (const statement of rollUps) await client.query(statement);
}

/**
 * Most links are followed for a while after somebody has shown them in one place, and only popular ones all the time by everybody: so the days, the
 * minutes and the kinds of visitors of a link are the more, the more clicks it has. Every 20th click is a bot's,
 * every 5th of a visitor who was there just before. All of it follows from link and number, so a link is the same each time.
 */
const invention = `INSERT INTO ${batchTable} (clicked_at, link_id, request_id, visitor, is_bot, referrer, country, browser, os, device)
  SELECT to_timestamp($5::int8 + (first_day + n * active_days / count) * 86400 + first_second + chance % active_seconds),
    link_id, 'seed-' || link_id || '-' || n, hashint8extended(n - (n % 5 = 4)::int, link_id), n % 20 = 19,
    (ARRAY[NULL, NULL, 'news.ycombinator.com', 'google.com', 't.co', 'linkedin.com'])[1 + kind % 6],
    (ARRAY['US', 'US', 'DE', 'IN', 'BR', 'FR', 'JP', 'NG'])[1 + kind / 6 % 8],
    (ARRAY['Chrome', 'Safari', 'Chrome', 'Firefox'])[1 + kind / 48 % 4],
    (ARRAY['Windows', 'iOS', 'Android', 'Linux'])[1 + kind / 48 % 4],
    (ARRAY['desktop', 'mobile', 'mobile', 'desktop'])[1 + kind / 48 % 4]
  FROM (
    SELECT link_id, count, active_days, active_seconds, kinds,
      hash % ($6::int8 - active_days + 1) AS first_day, hash % (86400 - active_seconds + 1) AS first_second
    FROM (
      SELECT $1::int8 + at - 1 AS link_id, count, hashint8extended(at, $1::int8) & 2147483647 AS hash,
        least($6::int8, 1 + count / 50) AS active_days, least(86400, 60 * (1 + count / 4)) AS active_seconds,
        least(192, 1 + count / 4) AS kinds
      FROM unnest($2::int8[]) WITH ORDINALITY AS given (count, at) WHERE count > 0
    ) AS link
  ) AS link,
    LATERAL generate_series($3::int8, least($4::int8, count) - 1) AS n,
    LATERAL (SELECT hashint8extended(n, link_id) & 2147483647 AS chance) AS drawn,
    LATERAL (SELECT (link_id * 17 + chance / 65536 % kinds) % 192 AS kind) AS visitor`;
