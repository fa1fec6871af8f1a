import { type CachedLink, toCachedLink } from '@shortstack/contracts';
import { asAvailabilityError } from '@shortstack/db';
import type { CircuitBreaker } from '@shortstack/redis';
import type { Pool } from 'pg';

interface Row {
  id: string;
  account_id: string;
  slug: string;
  url: string;
  status: number;
  visibility: 'public' | 'private';
  deleted_at: Date | null;
  expires_at: Date | null;
  max_clicks: string | null;
  password_hash: string | null;
  rules: unknown[];
  forward_query: boolean;
  title: string | null;
  created_at: Date;
  version: string;
}

const columns = `id, account_id, slug, url, status, visibility, deleted_at, expires_at, max_clicks, password_hash,
  rules, forward_query, title, created_at, version`;

/** Reads links by slug, several at once. */
export type LinkLoader = (
  slugs: readonly string[],
) => Promise<Map<string, { version: number; value: CachedLink | null }>>;

/** Below the time after which the cache gives a load up, so that a PostgreSQL that hangs is known, and named, first. */
const answerTimeoutMs = 1_500;

/**
 * Links by slug, with one query for all of them. A slug that nobody has taken is version 0. Rejects with
 * `DATABASE_UNAVAILABLE`; at once while the breaker is open.
 */
export function createLinkLoader(pool: Pool, breaker: CircuitBreaker): LinkLoader {
  return async (slugs) => {
    try {
      const query = {
        name: 'load-links',
        text: `SELECT ${columns} FROM links WHERE slug = ANY ($1)`,
        values: [slugs],
        query_timeout: answerTimeoutMs,
      };
      const { rows } = await breaker.run(() => pool.query<Row>(query));
      const found = new Map<string, { version: number; value: CachedLink | null }>();
      for (const slug of slugs) found.set(slug, { version: 0, value: null });
      for (const row of rows)
        found.set(row.slug, { version: Number(row.version), value: toLink(row) });
      return found;
    } catch (error) {
      throw asAvailabilityError(error);
    }
  };
}

/** The slugs followed most lately and most often in the past day: what a cold cache should hold first. */
export async function loadBusiestSlugs(pool: Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ slug: string }>(
    `SELECT slug FROM links JOIN (
       SELECT link_id FROM link_days WHERE day >= (now() AT TIME ZONE 'UTC')::date - 1
       GROUP BY link_id ORDER BY sum(clicks + bots) DESC LIMIT $1
     ) AS busiest ON busiest.link_id = links.id WHERE deleted_at IS NULL`,
    [limit],
  );
  return rows.map((row) => row.slug);
}

function toLink(row: Row): CachedLink {
  return toCachedLink({
    id: Number(row.id),
    accountId: row.account_id,
    url: row.url,
    status: row.status,
    visibility: row.visibility,
    deletedAt: row.deleted_at,
    expiresAt: row.expires_at,
    maxClicks: row.max_clicks === null ? null : Number(row.max_clicks),
    passwordHash: row.password_hash,
    rules: row.rules,
    forwardQuery: row.forward_query,
    title: row.title,
    createdAt: row.created_at,
  });
}
