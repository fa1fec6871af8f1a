import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FollowableLink } from './followable-link.ts';

/** How long a visitor who knew the password isn't asked again. */
export const grantSeconds = 3_600;

/** Proofs that a visitor has given a link's password. */
export interface UnlockGrants {
  issue(link: FollowableLink, now: number): string;
  isValid(grant: string, link: FollowableLink, now: number): boolean;
}

/**
 * Grants are `expiry.hmac`, bound to the link and to its present password: changing the password ends them.
 */
export function createUnlockGrants(secret: string): UnlockGrants {
  const sign = (link: FollowableLink, expiresAt: string) =>
    createHmac('sha256', secret)
      .update(`${link.id}\n${link.passwordHash}\n${expiresAt}`)
      .digest('base64url');
  return {
    issue(link, now) {
      const expiresAt = String(now + grantSeconds * 1_000);
      return `${expiresAt}.${sign(link, expiresAt)}`;
    },
    isValid(grant, link, now) {
      const [expiresAt = '', signature = ''] = grant.split('.');
      if (!(Number(expiresAt) > now)) return false;
      const expected = Buffer.from(sign(link, expiresAt));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
