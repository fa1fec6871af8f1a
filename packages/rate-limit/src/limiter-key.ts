import { createHash } from 'node:crypto';

const plain = /^[A-Za-z0-9_.:@-]{1,64}$/;

/**
 * A key of bounded length without special characters, whatever a client sent: short plain ones stay readable, all
 * others are hashed. The two can't meet, since `#` is not plain.
 */
export function limiterKey(key: string): string {
  return plain.test(key) ? key : `#${createHash('sha256').update(key).digest('base64url')}`;
}

/** The key in Redis: `ratelimit:<limiter>:<key>`. */
export function redisKey(name: string, key: string): string {
  return `ratelimit:${name}:${key}`;
}

/** Throws a RangeError for a name that would not fit into a key or a header. */
export function checkName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) return;
  throw new RangeError(`A rate limiter's name must be lower-case words joined by hyphens: ${name}`);
}

/** Throws a RangeError for a cost that is no whole number of at least 1. */
export function checkCost(cost: number): void {
  if (Number.isSafeInteger(cost) && cost >= 1) return;
  throw new RangeError('The cost of a request must be a whole number of at least 1');
}
