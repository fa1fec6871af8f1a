import type { ListLinksQuery } from '@shortstack/contracts';
import type { StoredLink } from './link.ts';
import { decodeCursor, encodeCursor } from './list-cursor.ts';

/** A page of links: which ones, and after which link it begins. */
export interface LinkListing {
  accountId: string;
  sort: 'newest' | 'oldest' | 'clicks';
  /** Text in slug, title or URL, in any case. */
  text: string | null;
  tag: string | null;
  limit: number;
  /** The link that the page before ended with; clicks matter only when sorted by them. */
  after: { id: number; clicks: number } | null;
}

/** @throws AppError `VALIDATION_FAILED` for a cursor that isn't one of this list. */
export function linkListing(accountId: string, query: ListLinksQuery): LinkListing {
  const { sort = 'newest', q, tag, limit = 20, cursor } = query;
  const listing = { accountId, sort, text: q ?? null, tag: tag ?? null, limit };
  if (cursor === undefined) return { ...listing, after: null };
  const [id, clicks] = decodeCursor(cursor, sort, ['integer', 'integer']).keys;
  return { ...listing, after: { id: Number(id), clicks: Number(clicks) } };
}

/** The cursor of the page after this one; null after the last. Ask for one link more than a page has to know. */
export function nextLinkCursor(listing: LinkListing, found: StoredLink[]): string | null {
  const last = found[listing.limit - 1];
  if (last === undefined || found.length <= listing.limit) return null;
  return encodeCursor({ sort: listing.sort, keys: [last.id, last.clicks] });
}
