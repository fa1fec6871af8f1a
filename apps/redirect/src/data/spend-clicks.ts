import { asAvailabilityError } from '@shortstack/db';
import type { CircuitBreaker } from '@shortstack/redis';
import type { Pool } from 'pg';
import type { ClickAllowance } from '../domain/click-allowance.ts';

/**
 * Spends clicks of links with `maxClicks` in PostgreSQL. Requests for a link that come
 * in one turn, or while a statement of it is on its way, share the next statement: one conditional UPDATE,
 * committed before anyone is answered. So never more than N are given out, however many instances ask; a
 * click is lost when the answer of PostgreSQL is. Rejects with `DATABASE_UNAVAILABLE`.
 */
export function createClickAllowance(pool: Pool, breaker: CircuitBreaker): ClickAllowance {
  const groups = new Map<number, { waiting: PromiseWithResolvers<boolean>[] }>();

  async function grant(linkId: number, wanted: number): Promise<number> {
    const { rows } = await breaker.run(() =>
      pool.query<{ granted: string }>({
        name: 'spend-clicks',
        // The inner select locks the row first, so `before` is what the update builds upon.
        text: `UPDATE links SET spent_clicks = before.spent_clicks + before.granted
               FROM (SELECT id, spent_clicks, greatest(0, least($2, max_clicks - spent_clicks)) AS granted
                     FROM links WHERE id = $1 AND max_clicks IS NOT NULL AND deleted_at IS NULL FOR UPDATE) AS before
               WHERE links.id = before.id RETURNING before.granted`,
        values: [linkId, wanted],
      }),
    );
    return Number(rows[0]?.granted ?? 0);
  }

  async function spend(
    linkId: number,
    group: { waiting: PromiseWithResolvers<boolean>[] },
  ): Promise<void> {
    while (group.waiting.length > 0) {
      const asked = group.waiting.splice(0);
      try {
        const granted = await grant(linkId, asked.length);
        for (const [at, { resolve }] of asked.entries()) resolve(at < granted);
      } catch (error) {
        for (const { reject } of asked) reject(asAvailabilityError(error));
      }
    }
    groups.delete(linkId);
  }

  async function hasLeft(linkId: number): Promise<boolean> {
    try {
      const { rowCount } = await breaker.run(() =>
        pool.query('SELECT 1 FROM links WHERE id = $1 AND spent_clicks < max_clicks', [linkId]),
      );
      return rowCount === 1;
    } catch (error) {
      throw asAvailabilityError(error);
    }
  }

  return {
    spend(linkId) {
      let group = groups.get(linkId);
      if (group === undefined) {
        const made = { waiting: [] as PromiseWithResolvers<boolean>[] };
        group = made;
        groups.set(linkId, made);
        setImmediate(() => void spend(linkId, made));
      }
      const mine = Promise.withResolvers<boolean>();
      group.waiting.push(mine);
      return mine.promise;
    },
    hasLeft,
  };
}
