import { type CachedLink, cachedLinkCodec } from '@shortstack/contracts';

/** A link with what every request would otherwise work out anew. */
export interface FollowableLink extends CachedLink {
  /** Nothing to ask or to spend: any visitor is sent to `url` until `goneAt`, and nothing about that can fail. */
  isPlain: boolean;
  /** Milliseconds since the epoch; 0 for a deleted link, Infinity for one that never expires. */
  goneAt: number;
  cacheControl: string;
}

/** Printable ASCII. Create stores nothing else, but one bad row must not take down the process that reads it. */
const serialisedUrl = /^[\x21-\x7e]+$/;

type OwnOfUsual = Pick<
  FollowableLink,
  'id' | 'accountId' | 'url' | 'status' | 'title' | 'createdAt' | 'cacheControl'
>;

/** What a link has that asks for nothing and never ends. Such links share it, since 100,000 of them may be in memory. */
const usual: Omit<FollowableLink, keyof OwnOfUsual> = {
  isPrivate: false,
  isDeleted: false,
  expiresAt: null,
  maxClicks: null,
  passwordHash: null,
  rules: [],
  forwardQuery: false,
  isPlain: true,
  goneAt: Number.POSITIVE_INFINITY,
};

export function toFollowable(link: CachedLink): FollowableLink {
  const { id, accountId, url, status, title, createdAt } = link;
  // A browser may keep a permanent redirect, but not so long that a change never reaches it.
  const cacheControl = status === 301 || status === 308 ? 'private, max-age=60' : 'no-store';
  const isPlain = isOpen(link) && serialisedUrl.test(url);
  if (isPlain && !link.isDeleted && link.expiresAt === null) {
    const own: OwnOfUsual = { id, accountId, url, status, title, createdAt, cacheControl };
    return Object.setPrototypeOf(own, usual);
  }
  const goneAt = link.isDeleted ? 0 : (link.expiresAt ?? Number.POSITIVE_INFINITY);
  return { ...link, isPlain, goneAt, cacheControl };
}

function isOpen(link: CachedLink): boolean {
  return (
    !link.isPrivate &&
    link.passwordHash === null &&
    link.maxClicks === null &&
    !link.forwardQuery &&
    link.rules.length === 0
  );
}

/** The shared cache entry on the wire, followable in memory. */
export const followableLinkCodec = {
  encode: (link: FollowableLink) => cachedLinkCodec.encode(link),
  decode: (text: string) => toFollowable(cachedLinkCodec.decode(text)),
};
