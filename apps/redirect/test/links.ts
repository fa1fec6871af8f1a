import { randomBytes } from 'node:crypto';
import type { LinkRule, LinksChanged } from '@shortstack/contracts';
import type { Pool } from 'pg';

/** Columns of a link that a test may set. */
export interface LinkColumns {
  account_id: string;
  slug: string;
  url: string;
  status: number;
  title: string;
  visibility: 'public' | 'private';
  password_hash: string | null;
  expires_at: Date | null;
  max_clicks: number | null;
  rules: LinkRule[];
  forward_query: boolean;
  deleted_at: Date | null;
}

export interface StoredLink {
  id: number;
  slug: string;
  version: number;
  accountId: string;
}

interface Row {
  id: string;
  slug: string;
  version: string;
  account_id: string;
}

/** An event as it lies in the outbox, for tests that publish it as the relay would. */
export interface LinkEvent {
  id: string;
  type: string;
  data: LinksChanged;
  occurredAt: string;
}

export const randomSlug = () => randomBytes(6).toString('hex');

/** Stores somebody; returns their account. */
export async function insertAccount(sql: Pool): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO accounts (email, password_hash, session_tag) VALUES ($1, 'none', $1) RETURNING id`,
    [`${randomSlug()}@example.com`],
  );
  return rows[0]?.id ?? '';
}

/** Stores a link as create does, outbox row and all. */
export async function insertLink(sql: Pool, given: Partial<LinkColumns> = {}): Promise<StoredLink> {
  return (await createLink(sql, given)).link;
}

/** As `insertLink`, and returns the event as well. */
export async function createLink(
  sql: Pool,
  given: Partial<LinkColumns>,
): Promise<{ link: StoredLink; event: LinkEvent }> {
  const columns = {
    account_id: given.account_id ?? (await insertAccount(sql)),
    slug: randomSlug(),
    url: 'https://target.example/',
    ...given,
  };
  const names = Object.keys(columns).join(', ');
  const marks = Object.keys(columns)
    .map((_, at) => `$${at + 1}`)
    .join(', ');
  return changeInTransaction(
    sql,
    'link.created',
    `INSERT INTO links (${names}) VALUES (${marks})`,
    valuesOf(columns),
  );
}

/** Makes links as create makes many: with one event. */
export async function insertLinks(sql: Pool, slugs: string[], url: string): Promise<void> {
  await sql.query(
    `WITH made AS (
       INSERT INTO links (account_id, slug, url) SELECT $1, unnest($2::text[]), $3 RETURNING id, slug, version)
     INSERT INTO outbox (type, payload) SELECT 'link.created', jsonb_build_object('accountId', $1::uuid,
       'links', jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'version', version))) FROM made`,
    [await insertAccount(sql), slugs, url],
  );
}

/** Changes a link as create does: the version rises, and the outbox learns of it in the same transaction. */
export function changeLink(
  sql: Pool,
  { id }: StoredLink,
  change: Partial<LinkColumns>,
): Promise<{ link: StoredLink; event: LinkEvent }> {
  const changes = Object.keys(change)
    .map((name, at) => `${name} = $${at + 2}`)
    .join(', ');
  return changeInTransaction(
    sql,
    change.deleted_at ? 'link.deleted' : 'link.updated',
    `UPDATE links SET version = version + 1, ${changes} WHERE id = $1`,
    [id, ...valuesOf(change)],
  );
}

export function deleteLink(sql: Pool, link: StoredLink): Promise<{ event: LinkEvent }> {
  return changeLink(sql, link, { deleted_at: new Date() });
}

async function changeInTransaction(
  sql: Pool,
  type: string,
  statement: string,
  values: unknown[],
): Promise<{ link: StoredLink; event: LinkEvent }> {
  const { rows } = await sql.query<Row & { event_id: string; payload: LinksChanged; at: Date }>(
    `WITH changed AS (${statement} RETURNING id, slug, version, account_id),
     appended AS (
       INSERT INTO outbox (type, payload)
       SELECT '${type}', jsonb_build_object('accountId', account_id, 'links',
         jsonb_build_array(jsonb_build_object('id', id, 'slug', slug, 'version', version))) FROM changed
       RETURNING id AS event_id, payload, created_at AS at
     ) SELECT * FROM changed, appended`,
    values,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('There is no such link to change');
  return {
    link: {
      id: Number(row.id),
      slug: row.slug,
      version: Number(row.version),
      accountId: row.account_id,
    },
    event: { id: row.event_id, type, data: row.payload, occurredAt: row.at.toISOString() },
  };
}

function valuesOf(columns: Partial<LinkColumns>): unknown[] {
  return Object.entries(columns).map(([name, value]) =>
    name === 'rules' ? JSON.stringify(value) : value,
  );
}
