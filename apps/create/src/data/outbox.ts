import type { LinkEventType, LinksChanged } from '@shortstack/contracts';
import { outboxChannel } from '@shortstack/db';
import type { Sql } from './guarded-database.ts';

/** Adds an event to the transaction that `sql` is. */
export async function insertEvent(
  sql: Sql,
  type: LinkEventType,
  payload: LinksChanged,
): Promise<void> {
  await sql.query({
    name: 'insert-event',
    text: 'INSERT INTO outbox (type, payload) VALUES ($1, $2)',
    values: [type, JSON.stringify(payload)],
  });
}

/**
 * Returns a function that tells the relay, in the background, that the outbox has grown. Calls while one
 * NOTIFY is under way become one more, so a busy service sends one at a time. A failure is ignored: the relay also polls.
 */
export function createOutboxBell(sql: Sql): () => void {
  let isRinging = false;
  let again = false;

  return function ring(): void {
    if (isRinging) {
      again = true;
      return;
    }
    isRinging = true;
    sql
      .query({ name: 'ring-outbox', text: `NOTIFY ${outboxChannel}` })
      .catch(() => {})
      .finally(() => {
        isRinging = false;
        if (!again) return;
        again = false;
        ring();
      });
  };
}
