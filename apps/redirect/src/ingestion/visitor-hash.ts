import { hash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

/** A visitor of one day as 64 bits, or null when that day's salt is gone. */
export type VisitorHash = (day: string, address: string, userAgent: string) => bigint | null;

const dayMs = 86_400_000;

/**
 * Salted hashes of address and user agent. Each UTC day has a salt of its own in PostgreSQL, made by whoever
 * asks first and deleted by the worker when the next day is over (clicks may arrive late); after that
 * nobody can tell who it was, and late clicks of that day count in no figure of unique visitors.
 * `prepare(days)` must be awaited before hashes of those days are asked for.
 */
export function createVisitorHash(pool: Pool, now: () => number = Date.now) {
  const salts = new Map<string, string>();

  async function prepare(days: Iterable<string>): Promise<void> {
    const yesterday = new Date(now() - dayMs).toISOString().slice(0, 10);
    for (const day of salts.keys()) if (day < yesterday) salts.delete(day);
    for (const day of days) {
      if (salts.has(day) || day < yesterday) continue;
      await pool.query(
        'INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [day, randomBytes(16)],
      );
      const { rows } = await pool.query<{ salt: Buffer }>(
        'SELECT salt FROM visitor_salts WHERE day = $1',
        [day],
      );
      if (rows[0] !== undefined) salts.set(day, rows[0].salt.toString('base64'));
    }
  }

  const visitorHash: VisitorHash = (day, address, userAgent) => {
    const salt = salts.get(day);
    if (salt === undefined) return null;
    const digest = hash('sha256', `${salt}\n${address}\n${userAgent}`, 'buffer');
    return digest.readBigInt64BE(0);
  };

  return { prepare, visitorHash };
}
