import { isUniqueViolation } from '@shortstack/db';
import { currentTraceparent } from '@shortstack/telemetry';
import type { StoredLink } from '../domain/link.ts';
import type { SluggedDraft } from '../domain/link-draft.ts';
import { copyLinks } from './copy-links.ts';
import type { Sql, Transaction } from './guarded-database.ts';

interface Inserted {
  id: string | number;
  version: string;
  created_at: Date;
}

/** Of one statement: new links have the same version and, being of one transaction, the same time. */
interface InsertedTogether {
  /** By slug; null where there is none. */
  ids: Record<string, number> | null;
  version: string;
  created_at: Date;
}

/** A draft, whose link it will be, and the trace of the request for it. */
export type OwnedDraft = SluggedDraft & { accountId: string; traceparent: string | undefined };

/** How `rowsOf` writes drafts. */
const rowType = `slug text, url text, title text, tags text[], status smallint, visibility text,
  "passwordHash" text, "expiresAt" timestamptz, "maxClicks" bigint, rules jsonb, "forwardQuery" boolean`;

/** Drafts as JSON, without what is empty: reading it is a good part of what a row costs PostgreSQL. */
function rowsOf(drafts: readonly (SluggedDraft & { accountId?: string })[]): string {
  return JSON.stringify(
    drafts.map(({ accountId, slug, url, title, tags, status, visibility, ...rest }) => ({
      ...{ accountId, slug, url, status, visibility, forwardQuery: rest.forwardQuery },
      title: title ?? undefined,
      tags: tags.length === 0 ? undefined : tags,
      rules: rest.rules.length === 0 ? undefined : rest.rules,
      passwordHash: rest.passwordHash ?? undefined,
      expiresAt: rest.expiresAt ?? undefined,
      maxClicks: rest.maxClicks ?? undefined,
    })),
  );
}

/** By account, as JSON; null without any. */
function tracesOf(drafts: readonly OwnedDraft[]): string | null {
  const traced = drafts.filter(({ traceparent }) => traceparent !== undefined);
  if (traced.length === 0) return null;
  return JSON.stringify(
    Object.fromEntries(traced.map(({ accountId, traceparent }) => [accountId, traceparent])),
  );
}

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
        INSERT INTO outbox (type, payload, traceparent)
        SELECT 'link.created', jsonb_build_object('accountId', account_id, 'links', jsonb_build_array(
          jsonb_build_object('id', id, 'slug', slug, 'version', version))), $13::text FROM link
      )
      SELECT id, version, created_at FROM link`,
    values: [
      ...[accountId, draft.slug, draft.url, draft.title, draft.tags, draft.status],
      ...[draft.visibility, draft.passwordHash, draft.expiresAt, draft.maxClicks],
      ...[JSON.stringify(draft.rules), draft.forwardQuery, currentTraceparent()],
    ],
  });
  return row === undefined ? null : toStoredLink(accountId, draft, row);
}

/**
 * Stores links of any accounts with their events, one event per account (in the trace of one of its links), in one statement, so in one transaction. Links whose
 * slug is taken are missing from the answer.
 */
export async function insertOwnedLinks(
  sql: Sql,
  drafts: readonly OwnedDraft[],
): Promise<Map<string, StoredLink>> {
  const [row] = await sql.query<InsertedTogether>({
    name: 'insert-owned-links',
    text: `WITH link AS (
        INSERT INTO links (account_id, slug, url, title, tags, status, visibility, password_hash,
          expires_at, max_clicks, rules, forward_query)
        SELECT "accountId", slug, url, title, coalesce(tags, '{}'), status, visibility, "passwordHash",
          "expiresAt", "maxClicks", coalesce(rules, '[]'), "forwardQuery"
        FROM json_to_recordset($1::json) AS row("accountId" uuid, ${rowType})
        ON CONFLICT (slug) DO NOTHING
        RETURNING id, slug, version, created_at, account_id
      ), event AS (
        INSERT INTO outbox (type, payload, traceparent)
        SELECT 'link.created', jsonb_build_object('accountId', account_id, 'links', jsonb_agg(
          jsonb_build_object('id', id, 'slug', slug, 'version', version))), ($2::json ->> account_id::text)
        FROM link GROUP BY account_id
      )
      SELECT json_object_agg(slug, id) AS ids, min(version) AS version, min(created_at) AS created_at
      FROM link`,
    values: [rowsOf(drafts), tracesOf(drafts)],
  });
  return storedLinks(drafts, ({ accountId }) => accountId, row);
}

/**
 * Stores up to 1,000 links, without events: by COPY, or where a slug turns out to be taken by an INSERT that leaves such out; they
 * are missing from the answer. In the order of their slugs, so that two that do this never wait for each other in a circle.
 */
export async function insertLinks(
  transaction: Transaction,
  accountId: string,
  drafts: readonly SluggedDraft[],
): Promise<Map<string, StoredLink>> {
  const sorted = drafts.toSorted((one, other) => (one.slug < other.slug ? -1 : 1));
  await transaction.query({ name: 'begin-copy', text: 'SAVEPOINT copy' });
  try {
    const { ids, createdAt } = await copyLinks(transaction, accountId, sorted);
    const inserted = { version: '1', created_at: createdAt };
    return new Map(
      sorted.map((draft, i) => [
        draft.slug,
        toStoredLink(accountId, draft, { id: ids[i] ?? 0, ...inserted }),
      ]),
    );
  } catch (error) {
    if (!isUniqueViolation(error, 'links_slug_key')) throw error;
    await transaction.query({ name: 'undo-copy', text: 'ROLLBACK TO copy' });
    return insertUntaken(transaction, accountId, sorted);
  }
}

async function insertUntaken(
  sql: Sql,
  accountId: string,
  drafts: readonly SluggedDraft[],
): Promise<Map<string, StoredLink>> {
  const [row] = await sql.query<InsertedTogether>({
    name: 'insert-untaken-links',
    text: `WITH link AS (
        INSERT INTO links (account_id, slug, url, title, tags, status, visibility, password_hash,
          expires_at, max_clicks, rules, forward_query)
        SELECT $1::uuid, slug, url, title, coalesce(tags, '{}'), status, visibility, "passwordHash",
          "expiresAt", "maxClicks", coalesce(rules, '[]'), "forwardQuery"
        FROM json_to_recordset($2::json) AS row(${rowType})
        ORDER BY slug COLLATE "C"
        ON CONFLICT (slug) DO NOTHING
        RETURNING id, slug, version, created_at
      )
      SELECT json_object_agg(slug, id) AS ids, min(version) AS version, min(created_at) AS created_at
      FROM link`,
    values: [accountId, rowsOf(drafts)],
  });
  return storedLinks(drafts, () => accountId, row);
}

function storedLinks<Draft extends SluggedDraft>(
  drafts: readonly Draft[],
  accountIdOf: (draft: Draft) => string,
  row: InsertedTogether | undefined,
): Map<string, StoredLink> {
  const links = new Map<string, StoredLink>();
  if (!row?.ids) return links;
  const { ids, version, created_at } = row;
  for (const draft of drafts) {
    if (!Object.hasOwn(ids, draft.slug)) continue;
    const inserted = { id: ids[draft.slug] ?? 0, version, created_at };
    links.set(draft.slug, toStoredLink(accountIdOf(draft), draft, inserted));
  }
  return links;
}

function toStoredLink(
  accountId: string,
  draft: SluggedDraft,
  { id, version, created_at }: Inserted,
): StoredLink {
  return {
    id: Number(id),
    accountId,
    slug: draft.slug,
    url: draft.url,
    title: draft.title,
    description: null,
    faviconUrl: null,
    tags: draft.tags,
    status: draft.status,
    visibility: draft.visibility,
    passwordHash: draft.passwordHash,
    expiresAt: draft.expiresAt,
    maxClicks: draft.maxClicks,
    rules: draft.rules,
    forwardQuery: draft.forwardQuery,
    version: Number(version),
    createdAt: created_at,
    updatedAt: created_at,
    deletedAt: null,
    clicks: 0,
  };
}
