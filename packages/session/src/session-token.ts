import { hash, randomBytes } from 'node:crypto';

/** Draws that many random bytes from a cryptographically secure source. */
export type RandomBytes = (size: number) => Buffer;

const tagPattern = /^[A-Za-z0-9_-]{22}$/;
const idPattern = /^[A-Za-z0-9_-]{43}$/;
const tokenPattern = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;
const sitePattern = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** Where a session is stored. */
export interface SessionAddress {
  tag: string;
  id: string;
}

/**
 * A random tag (128 bits) for a new account. Keep it with the account: all keys of the user's sessions carry it
 * as their hash tag, so that they share a Cluster slot and one script can change them together.
 */
export function newSessionTag(random: RandomBytes = randomBytes): string {
  return random(16).toString('base64url');
}

/** A new secret (256 bits) with its hash: for a session, the id under which it is stored. */
export function newSecret(random: RandomBytes = randomBytes): { secret: string; id: string } {
  const secret = random(32).toString('base64url');
  return { secret, id: hashOf(secret) };
}

/** Where the session of a token is; null for anything that can't be a token. */
export function parseToken(token: string): SessionAddress | null {
  const [, tag, secret] = tokenPattern.exec(token) ?? [];
  return tag === undefined || secret === undefined ? null : { tag, id: hashOf(secret) };
}

/**
 * What another site holds of a session, its code or its token: `tag.id.secret`. Returns where the session is and the hash of
 * the secret; null for anything else.
 */
export function parseSiteToken(token: string): { address: SessionAddress; hash: string } | null {
  const [, tag, id, secret] = sitePattern.exec(token) ?? [];
  if (tag === undefined || id === undefined || secret === undefined) return null;
  return { address: { tag, id }, hash: hashOf(secret) };
}

/** SHA-256 without salt or stretching is enough, since the secret has full entropy. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** Whether it has the form of a session's id, and so of any hash or secret. */
export function isSessionId(text: string): boolean {
  return idPattern.test(text);
}

/** What the keys of a user's sessions begin with. */
export function sessionKeyPrefix(tag: string): string {
  return `session:{${tag}}:`;
}

/** The hash of one session. */
export function sessionKey({ tag, id }: SessionAddress): string {
  return sessionKeyPrefix(tag) + id;
}

/** The sorted set of a user's session ids, scored by expiry. No id has its name: ids are 43 characters. */
export function sessionIndexKey(tag: string): string {
  return `${sessionKeyPrefix(tag)}index`;
}

/** The hash of a session's secrets for other sites: site → hash of its secret. No session has its name. */
export function siteSecretsKey(address: SessionAddress): string {
  return `${sessionKey(address)}:sites`;
}

/** A code that hands a session over to another site. */
export function codeKey(tag: string, hash: string): string {
  return `${sessionKeyPrefix(tag)}code:${hash}`;
}
