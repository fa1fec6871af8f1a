import type { LinkRule } from './link-rules.ts';

/** What redirect needs to know of a link, as it lies in the cache. Create writes it, redirect reads it. */
export interface CachedLink {
  id: number;
  accountId: string;
  url: string;
  status: number;
  isPrivate: boolean;
  isDeleted: boolean;
  /** Milliseconds since the epoch, or null. */
  expiresAt: number | null;
  maxClicks: number | null;
  passwordHash: string | null;
  rules: LinkRule[];
  forwardQuery: boolean;
  title: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/**
 * A JSON array in this fixed order. Newer versions may append elements; they and older versions read
 * each other's: what is missing takes its default, what is unknown is passed over.
 */
export const cachedLinkCodec = {
  encode(link: CachedLink): string {
    return JSON.stringify([
      link.id,
      link.accountId,
      link.url,
      link.status,
      (link.isPrivate ? 1 : 0) | (link.isDeleted ? 2 : 0) | (link.forwardQuery ? 4 : 0),
      link.expiresAt,
      link.maxClicks,
      link.passwordHash,
      link.rules.length === 0 ? 0 : link.rules,
      link.title,
      link.createdAt,
    ]);
  },
  decode(text: string): CachedLink {
    const [
      id,
      accountId,
      url,
      status,
      flags,
      expiresAt,
      maxClicks,
      passwordHash,
      rules,
      title,
      createdAt,
    ] = JSON.parse(text) as [
      number,
      string,
      string,
      number,
      number,
      number | null,
      number | null,
      string | null,
      LinkRule[] | 0,
      string | null,
      number,
    ];
    return {
      id,
      accountId,
      url,
      status,
      isPrivate: (flags & 1) !== 0,
      isDeleted: (flags & 2) !== 0,
      expiresAt,
      maxClicks,
      passwordHash,
      rules: rules === 0 ? [] : rules,
      forwardQuery: (flags & 4) !== 0,
      title,
      createdAt,
    };
  },
};

/** The columns of a link from which its cache entry is made; times as Date. */
export interface LinkRow {
  id: number;
  accountId: string;
  url: string;
  status: number;
  visibility: 'public' | 'private';
  deletedAt: Date | null;
  expiresAt: Date | null;
  maxClicks: number | null;
  passwordHash: string | null;
  rules: unknown[];
  forwardQuery: boolean;
  title: string | null;
  createdAt: Date;
}

/** The one way from a row to a cache entry, so that what create writes is what redirect would have loaded. */
export function toCachedLink(row: LinkRow): CachedLink {
  return {
    id: row.id,
    accountId: row.accountId,
    url: row.url,
    status: row.status,
    isPrivate: row.visibility === 'private',
    isDeleted: row.deletedAt !== null,
    expiresAt: row.expiresAt?.getTime() ?? null,
    maxClicks: row.maxClicks,
    passwordHash: row.passwordHash,
    rules: row.rules as LinkRule[],
    forwardQuery: row.forwardQuery,
    title: row.title,
    createdAt: row.createdAt.getTime(),
  };
}
