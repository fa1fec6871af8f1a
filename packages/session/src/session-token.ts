import { createHash, randomBytes } from 'node:crypto';

/** Draws that many random bytes from a cryptographically secure source. */
export type RandomBytes = (size: number) => Buffer;

const tagPattern = /^[A-Za-z0-9_-]{22}$/;
const idPattern = /^[A-Za-z0-9_-]{43}$/;
const tokenPattern = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

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

/** A new secret (256 bits) with the id under which it is stored. */
export function newSecret(random: RandomBytes): { secret: string; id: string } {
  const secret = random(32).toString('base64url');
  return { secret, id: idOf(secret) };
}

/** Where the session of a token is; null for anything that can't be a token. */
export function parseToken(token: string): SessionAddress | null {
  const [, tag, secret] = tokenPattern.exec(token) ?? [];
  return tag === undefined || secret === undefined ? null : { tag, id: idOf(secret) };
}

/** SHA-256 without salt or stretching is enough, since the secret has full entropy. */
function idOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

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
