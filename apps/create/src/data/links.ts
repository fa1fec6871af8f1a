import type { LinkEventType, LinksChanged } from '@shortstack/contracts';
import { appendToOutbox, type Queryable, schema } from '@shortstack/db';
import { and, eq, isNull, sql } from '@shortstack/db/drizzle';
import { currentTraceparent } from '@shortstack/telemetry';
import type { StoredLink } from '../domain/link.ts';
import type { LinkChanges } from '../domain/link-draft.ts';
import type { GuardedDatabase } from './guarded-database.ts';

const { links, linkTotals } = schema;

/** All that `StoredLink` has, but the clicks. */
export const linkColumns = {
  id: links.id,
  accountId: links.accountId,
  slug: links.slug,
  url: links.url,
  title: links.title,
  description: links.description,
  faviconUrl: links.faviconUrl,
  tags: links.tags,
  status: links.status,
  visibility: links.visibility,
  passwordHash: links.passwordHash,
  expiresAt: links.expiresAt,
  maxClicks: links.maxClicks,
  rules: links.rules,
  forwardQuery: links.forwardQuery,
  version: links.version,
  createdAt: links.createdAt,
  updatedAt: links.updatedAt,
  deletedAt: links.deletedAt,
};

/** The clicks counted so far, in a query that joins `link_totals`. */
export const clicksColumn = sql<number>`coalesce(${linkTotals.clicks}, 0)`.mapWith(Number);

/** One of an account's links; null where there is none, it is another's, or it was deleted. */
export async function findLink(
  database: GuardedDatabase,
  accountId: string,
  slug: string,
): Promise<StoredLink | null> {
  const [link] = await database.run((db) =>
    db
      .select({ ...linkColumns, clicks: clicksColumn })
      .from(links)
      .leftJoin(linkTotals, eq(linkTotals.linkId, links.id))
      .where(ownedBy(accountId, slug)),
  );
  return link ?? null;
}

/** Changes a link and tells of it, in one transaction that raises its version. Null as with `findLink`. */
export function updateLink(
  database: GuardedDatabase,
  accountId: string,
  slug: string,
  changes: LinkChanges,
): Promise<StoredLink | null> {
  return database.transaction((tx) => changeLink(tx, accountId, slug, changes, 'link.updated'));
}

/** Marks a link as deleted, with all that `updateLink` does. Its slug stays taken for ever. */
export function deleteLink(
  database: GuardedDatabase,
  accountId: string,
  slug: string,
): Promise<StoredLink | null> {
  return database.transaction((tx) =>
    changeLink(tx, accountId, slug, { deletedAt: sql`now()` }, 'link.deleted'),
  );
}

async function changeLink(
  tx: Queryable,
  accountId: string,
  slug: string,
  changes: LinkChanges | { deletedAt: ReturnType<typeof sql> },
  type: LinkEventType,
): Promise<StoredLink | null> {
  const [link] = await tx
    .update(links)
    .set({ ...changes, version: sql`${links.version} + 1`, updatedAt: sql`now()` })
    .where(ownedBy(accountId, slug))
    .returning({
      ...linkColumns,
      clicks:
        sql<number>`coalesce((SELECT clicks FROM link_totals WHERE link_id = ${links.id}), 0)`.mapWith(
          Number,
        ),
    });
  if (!link) return null;
  const payload: LinksChanged = {
    accountId,
    links: [{ id: link.id, slug, version: link.version }],
  };
  await appendToOutbox(tx, [{ type, payload, traceparent: currentTraceparent() }]);
  return link;
}

function ownedBy(accountId: string, slug: string) {
  return and(eq(links.slug, slug), eq(links.accountId, accountId), isNull(links.deletedAt));
}
