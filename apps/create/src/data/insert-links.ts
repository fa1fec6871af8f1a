import type { StoredLink } from '../domain/link.ts';
import type { SluggedDraft } from '../domain/link-draft.ts';
import type { Sql } from './guarded-database.ts';

interface Inserted {
  id: string;
  slug: string;
  version: string;
  created_at: Date;
}

/** A draft, and whose link it will be. */
export type OwnedDraft = SluggedDraft & { accountId: string };

/** How drafts come as JSON. */
const rowType = `slug text, url text, title text, tags text[], status smallint, visibility text,
  "passwordHash" text, "expiresAt" timestamptz, "maxClicks" bigint, rules jsonb, "forwardQuery" boolean`;

/**
 * Stores one link and its `link.created` event in one statement, so in one transaction and one round trip, whether
 * it runs on the pool or inside a transaction. Null when the slug is taken (also by a deleted link).
 */
export async function insertLink(
  sql: Sql,
  accountId: string,
  draft: SluggedDraft,
): Promise<StoredLink | null> {
  const [row] = await sql.query<Inserted>({
    name: 'insert-link',
    text: `WITH link AS (
        INSERT INTO links (account_id, slug, url, title, tags, status, visibility, password_hash,
          expires_at, max_clicks, rules, forward_query)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (slug) DO NOTHING
        RETURNING id, slug, version, created_at, account_id
      ), event AS (
        INSERT INTO outbox (type, payload)
        SELECT 'link.created', jsonb_build_object('accountId', account_id, 'links', jsonb_build_array(
          jsonb_build_object('id', id, 'slug', slug, 'version', version))) FROM link
      )
      SELECT id, slug, version, created_at FROM link`,
    values: [
      ...[accountId, draft.slug, draft.url, draft.title, draft.tags, draft.status],
      ...[draft.visibility, draft.passwordHash, draft.expiresAt, draft.maxClicks],
      ...[JSON.stringify(draft.rules), draft.forwardQuery],
    ],
  });
  return row === undefined ? null : toStoredLink(accountId, draft, row);
}

/**
 * Stores links of any accounts with their events, one event per account, in one statement, so in one transaction. Links whose
 * slug is taken are missing from the answer.
 */
export async function insertOwnedLinks(
  sql: Sql,
  drafts: readonly OwnedDraft[],
): Promise<Map<string, StoredLink>> {
  const inserted = await sql.query<Inserted>({
    name: 'insert-owned-links',
    text: `WITH link AS (
        INSERT INTO links (account_id, slug, url, title, tags, status, visibility, password_hash,
          expires_at, max_clicks, rules, forward_query)
        SELECT "accountId", slug, url, title, tags, status, visibility, "passwordHash",
          "expiresAt", "maxClicks", rules, "forwardQuery"
        FROM json_to_recordset($1::json) AS row("accountId" uuid, ${rowType})
        ON CONFLICT (slug) DO NOTHING
        RETURNING id, slug, version, created_at, account_id
      ), event AS (
        INSERT INTO outbox (type, payload)
        SELECT 'link.created', jsonb_build_object('accountId', account_id, 'links', jsonb_agg(
          jsonb_build_object('id', id, 'slug', slug, 'version', version))) FROM link GROUP BY account_id
      )
      SELECT id, slug, version, created_at FROM link`,
    values: [JSON.stringify(drafts)],
  });
  return storedLinks(drafts, inserted);
}

/**
 * Stores up to 1,000 links in one statement, without events. Links whose slug is taken are missing from the answer.
 * They are inserted in the order of their slugs, so that two such statements never wait for each other in a circle.
 */
export async function insertLinks(
  sql: Sql,
  accountId: string,
  drafts: SluggedDraft[],
): Promise<Map<string, StoredLink>> {
  const inserted = await sql.query<Inserted>({
    name: 'insert-links',
    text: `INSERT INTO links (account_id, slug, url, title, tags, status, visibility, password_hash,
        expires_at, max_clicks, rules, forward_query)
      SELECT $1::uuid, slug, url, title, tags, status, visibility, "passwordHash",
        "expiresAt", "maxClicks", rules, "forwardQuery"
      FROM json_to_recordset($2::json) AS row(${rowType})
      ORDER BY slug COLLATE "C"
      ON CONFLICT (slug) DO NOTHING
      RETURNING id, slug, version, created_at`,
    values: [accountId, JSON.stringify(drafts)],
  });
  return storedLinks(
    drafts.map((draft) => ({ ...draft, accountId })),
    inserted,
  );
}

function storedLinks(
  drafts: readonly OwnedDraft[],
  inserted: readonly Inserted[],
): Map<string, StoredLink> {
  const bySlug = new Map(drafts.map((draft) => [draft.slug, draft]));
  const links = new Map<string, StoredLink>();
  for (const row of inserted) {
    const draft = bySlug.get(row.slug);
    if (draft) links.set(row.slug, toStoredLink(draft.accountId, draft, row));
  }
  return links;
}

function toStoredLink(accountId: string, draft: SluggedDraft, row: Inserted): StoredLink {
  return {
    ...draft,
    id: Number(row.id),
    accountId,
    description: null,
    faviconUrl: null,
    version: Number(row.version),
    createdAt: row.created_at,
    updatedAt: row.created_at,
    deletedAt: null,
    clicks: 0,
  };
}
