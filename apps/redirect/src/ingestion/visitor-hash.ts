import { hash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { binaryBits } from './binary-copy.ts';
import { dayOf, dayStart } from './utc-day.ts';

/** A visitor of one day: 64 bits of a hash. */
export interface Visitor {
  /** As a decimal number with a sign, like PostgreSQL writes it. */
  id: string;
  /** The same for COPY. */
  copied: string;
  /** Links for which a committed transaction has counted them as a visitor, and for which quarter last. Some may be missing. */
  countedFor: Map<number, number>;
}

/** A visitor, or null when that day's salt is gone. `day` is when it began, in milliseconds since 1970. */
export type VisitorHash = (day: number, address: string, userAgent: string) => Visitor | null;

interface Salt {
  text: string;
  /** Visitors by user agent and address. */
  known: Map<string, Map<string, Visitor>>;
  knownCount: number;
}

const dayMs = 86_400_000;

/** Of each day, about 10 MB. */
const maxKnown = 50_000;

/**
 * Salted hashes of address and user agent. Each UTC day has a salt of its own in PostgreSQL, made by whoever
 * asks first and deleted by the worker when the next day is over (clicks may arrive late); after that
 * nobody can tell who it was, and late clicks of that day count in no figure of unique visitors.
 * `prepare(days)` must be awaited before hashes of those days are asked for. Remembers visitors: most click more than once.
 */
export function createVisitorHash(pool: Pool, now: () => number = Date.now) {
  const salts = new Map<number, Salt>();

  async function prepare(days: Iterable<number>): Promise<void> {
    const yesterday = dayStart(now() - dayMs);
    for (const day of salts.keys()) if (day < yesterday) salts.delete(day);
    for (const day of days) {
      if (salts.has(day) || day < yesterday) continue;
      const date = dayOf(day);
      await pool.query(
        'INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [date, randomBytes(16)],
      );
      const { rows } = await pool.query<{ salt: Buffer }>(
        'SELECT salt FROM visitor_salts WHERE day = $1',
        [date],
      );
      if (rows[0] === undefined) continue;
      salts.set(day, { text: rows[0].salt.toString('base64'), known: new Map(), knownCount: 0 });
    }
  }

  const visitorHash: VisitorHash = (day, address, userAgent) => {
    const salt = salts.get(day);
    if (salt === undefined) return null;
    let byAddress = salt.known.get(userAgent);
    const known = byAddress?.get(address);
    if (known !== undefined) return known;
    if (salt.knownCount >= maxKnown) {
      salt.known.clear();
      salt.knownCount = 0;
      byAddress = undefined;
    }
    if (byAddress === undefined) {
      byAddress = new Map();
      salt.known.set(userAgent, byAddress);
    }
    const digest = hash('sha256', `${salt.text}\n${address}\n${userAgent}`, 'buffer');
    const visitor = {
      id: `${digest.readBigInt64BE(0)}`,
      copied: binaryBits(digest),
      countedFor: new Map<number, number>(),
    };
    // A copy: what is cut from a payload keeps all of the payload in memory.
    byAddress.set(Buffer.from(address).toString(), visitor);
    salt.knownCount += 1;
    return visitor;
  };

  return { prepare, visitorHash };
}
