import { schema } from '@shortstack/db';
import {
  and,
  arrayContains,
  desc,
  eq,
  gt,
  ilike,
  isNull,
  lt,
  or,
  type SQL,
  sql,
} from '@shortstack/db/drizzle';
import type { StoredLink } from '../domain/link.ts';
import type { LinkListing } from '../domain/link-listing.ts';
import type { GuardedDatabase } from './guarded-database.ts';
import { clicksColumn, linkColumns } from './links.ts';

const { links, linkTotals } = schema;

/**
 * One page of an account's links, and one link more if there is another page. By keyset: its cost doesn't grow with the page's number. Sorted by clicks it reads
 * all of the account's links; a link whose clicks change between two pages may appear twice or not at all.
 */
export function listLinks(database: GuardedDatabase, listing: LinkListing): Promise<StoredLink[]> {
  const { accountId, sort, text, tag, limit, after } = listing;
  const order = {
    newest: [desc(links.id)],
    oldest: [links.id],
    clicks: [sql`${clicksColumn} DESC`, desc(links.id)],
  }[sort];
  return database.run((db) =>
    db
      .select({ ...linkColumns, clicks: clicksColumn })
      .from(links)
      .leftJoin(linkTotals, eq(linkTotals.linkId, links.id))
      .where(
        and(
          eq(links.accountId, accountId),
          isNull(links.deletedAt),
          tag === null ? undefined : arrayContains(links.tags, [tag]),
          text === null ? undefined : containing(text),
          after === null ? undefined : beyond(sort, after),
        ),
      )
      .orderBy(...order)
      .limit(limit + 1),
  );
}

function containing(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return or(ilike(links.slug, pattern), ilike(links.title, pattern), ilike(links.url, pattern));
}

function beyond(sort: LinkListing['sort'], { id, clicks }: { id: number; clicks: number }) {
  if (sort === 'newest') return lt(links.id, id);
  if (sort === 'oldest') return gt(links.id, id);
  return sql`(${clicksColumn}, ${links.id}) < (${clicks}::bigint, ${id}::bigint)`;
}
