import { hash, randomBytes } from 'node:crypto';

/** A key as it is stored, without its hash. */
export interface StoredApiKey {
  id: string;
  accountId: string;
  name: string;
  scopes: string[];
  /** The first characters, so that people can tell their keys apart. */
  prefix: string;
  expiresAt: Date | null;
  createdAt: Date;
}

const keyPattern = /^ssk_[A-Za-z0-9_-]{43}$/;
const shownCharacters = 12;

/** A new API key of 256 random bits: the secret itself, to be shown once, and what is stored of it. */
export function newApiKey(random: (size: number) => Buffer = randomBytes) {
  const key = `ssk_${random(32).toString('base64url')}`;
  return { key, prefix: key.slice(0, shownCharacters), keyHash: hashApiKey(key) };
}

/** SHA-256 without salt or stretching is enough, since the key has full entropy. */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'base64url');
}

/** The key in an `Authorization` header: null for anything that can't be one. */
export function apiKeyOf(authorization: string): string | null {
  const [, key] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return key !== undefined && keyPattern.test(key) ? key : null;
}
