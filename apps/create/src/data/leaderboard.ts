import type { LinkScore } from '../domain/link-board.ts';
import type { GuardedDatabase } from './guarded-database.ts';

/**
 * An account's most followed links since a point in time, from the quarters of an hour: what the leaderboard in the hub
 * is made from. Reads all of the account's quarters since then. Ties are in the order in which Redis reads a sorted set from
 * its end, so that a board doesn't change when it comes from the hub again.
 */
export async function readTopLinks(
  database: GuardedDatabase,
  accountId: string,
  since: Date,
  limit: number,
): Promise<LinkScore[]> {
  const rows = await database.query<{ slug: string; clicks: string }>({
    name: 'top-links',
    text: `SELECT links.slug, sum(quarters.clicks) AS clicks
      FROM links JOIN link_quarters AS quarters ON quarters.link_id = links.id
      WHERE links.account_id = $1 AND links.deleted_at IS NULL AND quarters.quarter_at >= $2
      GROUP BY links.id, links.slug HAVING sum(quarters.clicks) > 0
      ORDER BY clicks DESC, links.slug DESC LIMIT $3`,
    values: [accountId, since, limit],
  });
  return rows.map(({ slug, clicks }) => ({ slug, clicks: Number(clicks) }));
}

/** Of these slugs, the ones that are the account's and not deleted. */
export async function ownSlugs(
  database: GuardedDatabase,
  accountId: string,
  slugs: readonly string[],
): Promise<Set<string>> {
  const rows = await database.query<{ slug: string }>({
    name: 'own-slugs',
    text: 'SELECT slug FROM links WHERE slug = ANY($1) AND account_id = $2 AND deleted_at IS NULL',
    values: [slugs, accountId],
  });
  return new Set(rows.map(({ slug }) => slug));
}
