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

export function toFollowable(link: CachedLink): FollowableLink {
  return {
    ...link,
    isPlain:
      !link.isPrivate &&
      link.passwordHash === null &&
      link.maxClicks === null &&
      !link.forwardQuery &&
      link.rules.length === 0 &&
      serialisedUrl.test(link.url),
    goneAt: link.isDeleted ? 0 : (link.expiresAt ?? Number.POSITIVE_INFINITY),
    // A browser may keep a permanent redirect, but not so long that a change never reaches it.
    cacheControl: link.status === 301 || link.status === 308 ? 'private, max-age=60' : 'no-store',
  };
}

/** The shared cache entry on the wire, followable in memory. */
export const followableLinkCodec = {
  encode: (link: FollowableLink) => cachedLinkCodec.encode(link),
  decode: (text: string) => toFollowable(cachedLinkCodec.decode(text)),
};
