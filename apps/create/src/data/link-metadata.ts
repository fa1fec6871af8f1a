import { currentTraceparent } from '@shortstack/telemetry';
import type { Sql } from './guarded-database.ts';

/** What there is to know of a link before its target page is read. */
export interface MetadataTarget {
  url: string;
  version: number;
}

/** Null for a link that was deleted. */
export async function findMetadataTarget(sql: Sql, linkId: number): Promise<MetadataTarget | null> {
  const [row] = await sql.query<{ url: string; version: string }>({
    name: 'find-metadata-target',
    text: 'SELECT url, version FROM links WHERE id = $1 AND deleted_at IS NULL',
    values: [linkId],
  });
  return row === undefined ? null : { url: row.url, version: Number(row.version) };
}

export interface StoredMetadata {
  title: string | null;
  description: string | null;
  faviconUrl: string | null;
}

/**
 * Stores what a link's target page says of itself, unless the link has changed since `version`. The title is set only where the owner
 * gave none; since caches hold it, that raises the version and tells of it, in the same statement. Tells whether it did.
 */
export async function storeMetadata(
  sql: Sql,
  linkId: number,
  version: number,
  { title, description, faviconUrl }: StoredMetadata,
): Promise<boolean> {
  const [row] = await sql.query<{ isTitled: boolean }>({
    name: 'store-metadata',
    text: `WITH link AS (
        UPDATE links SET description = $3, favicon_url = $4, title = coalesce(title, $5),
          version = CASE WHEN title IS NULL AND $5::text IS NOT NULL THEN version + 1 ELSE version END,
          updated_at = CASE WHEN title IS NULL AND $5::text IS NOT NULL THEN now() ELSE updated_at END
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL
        RETURNING id, account_id, slug, version
      ), event AS (
        INSERT INTO outbox (type, payload, traceparent)
        SELECT 'link.updated', jsonb_build_object('accountId', account_id, 'cause', 'metadata', 'links',
          jsonb_build_array(jsonb_build_object('id', id, 'slug', slug, 'version', version))), $6::text
        FROM link WHERE version > $2
      )
      SELECT version > $2 AS "isTitled" FROM link`,
    values: [linkId, version, description, faviconUrl, title, currentTraceparent()],
  });
  return row?.isTitled ?? false;
}
