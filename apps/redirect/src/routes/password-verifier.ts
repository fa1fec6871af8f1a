import { verify } from '@node-rs/argon2';
import { unavailable } from '@shortstack/errors';

/** argon2 shares the thread pool with the spool's disk writes, which matter more. */
const maxAtOnce = 4;

/** Compares passwords with argon2 hashes, a few at a time; beyond that it rejects with `OVERLOADED`. */
export function createPasswordVerifier() {
  let running = 0;
  return async (hash: string, password: string): Promise<boolean> => {
    if (running >= maxAtOnce)
      throw unavailable('OVERLOADED', 'Too many passwords at once. Try again in a moment.');
    running += 1;
    try {
      return await verify(hash, password);
    } finally {
      running -= 1;
    }
  };
}
