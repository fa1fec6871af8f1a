import type { Link, LinkRule } from '@shortstack/contracts';

/** A link as it is stored, with the clicks counted so far. */
export interface StoredLink {
  id: number;
  accountId: string;
  slug: string;
  url: string;
  title: string | null;
  description: string | null;
  faviconUrl: string | null;
  tags: string[];
  status: number;
  visibility: 'public' | 'private';
  passwordHash: string | null;
  expiresAt: Date | null;
  maxClicks: number | null;
  rules: unknown[];
  forwardQuery: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  clicks: number;
}

/** A link as its owner sees it: never the password's hash. */
export function presentLink(link: StoredLink, shortOrigin: string): Link {
  const createdAt = link.createdAt.toISOString();
  return {
    slug: link.slug,
    shortUrl: shortUrlOf(link.slug, shortOrigin),
    url: link.url,
    title: link.title,
    description: link.description,
    faviconUrl: link.faviconUrl,
    tags: link.tags,
    status: link.status,
    visibility: link.visibility,
    hasPassword: link.passwordHash !== null,
    expiresAt: link.expiresAt?.toISOString() ?? null,
    maxClicks: link.maxClicks,
    clicks: link.clicks,
    rules: link.rules as LinkRule[],
    forwardQuery: link.forwardQuery,
    createdAt,
    updatedAt: link.updatedAt === link.createdAt ? createdAt : link.updatedAt.toISOString(),
  };
}

/** Where a link is followed. */
export function shortUrlOf(slug: string, shortOrigin: string): string {
  return `${shortOrigin}/${slug}`;
}
