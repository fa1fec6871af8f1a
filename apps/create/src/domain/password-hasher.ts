import { hash, verify } from '@node-rs/argon2';
import { unavailable } from '@shortstack/errors';

/** OWASP's second recommendation for argon2id (the library's default kind): 19 MiB, two passes, one lane; about 30 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hash of a random secret that nobody knows, of the same cost as every other: what an unknown account is checked against. */
const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$M3amPXwMBrUhqIzIFNZYPg$hWeZxOetcbjFmpnOReRk4SG7NtNGMIMS1HQAq1KLA+g';

export interface PasswordHasherOptions {
  /** Hashes computed at once (default 2): they use libuv's thread pool, which files and DNS share. */
  concurrency?: number;
  /** How many may wait (default 32, about half a second's work). */
  maxWaiting?: number;
}

export interface PasswordHasher {
  /** argon2id in PHC format. @throws AppError `unavailable` / `OVERLOADED` when too many wait. */
  hash: (password: string) => Promise<string>;
  /** Null for an unknown account: false, after the same time. @throws as `hash`. */
  verify: (passwordHash: string | null, password: string) => Promise<boolean>;
}

/**
 * Hashes and verifies passwords, a few at a time, and refuses work past a bounded queue.
 * @see https://datatracker.ietf.org/doc/html/rfc9106
 */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const { concurrency = 2, maxWaiting = 32 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting) {
        throw unavailable('OVERLOADED', 'Too many passwords are being checked. Try again shortly.');
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      // The place passes to the next in line, so `running` changes only when nobody waits.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, cost)),
    async verify(passwordHash, password) {
      const isRight = await inTurn(() => verify(passwordHash ?? dummyHash, password));
      return isRight && passwordHash !== null;
    },
  };
}
