import type { LinkEventType, LinksChanged } from '@shortstack/contracts';
import { outboxChannel } from '@shortstack/db';
import { currentTraceparent } from '@shortstack/telemetry';
import type { Sql } from './guarded-database.ts';

const quietMs = 10;

/** Adds an event to the transaction that `sql` is. */
export async function insertEvent(
  sql: Sql,
  type: LinkEventType,
  payload: LinksChanged,
): Promise<void> {
  await sql.query({
    name: 'insert-event',
    text: 'INSERT INTO outbox (type, payload, traceparent) VALUES ($1, $2, $3)',
    values: [type, JSON.stringify(payload), currentTraceparent()],
  });
}

export interface OutboxBell {
  ring(): void;
  close(): void;
}

/**
 * Tells the relay, in the background, that the outbox has grown: at once, and then at most every 10 ms, so a busy service
 * doesn't spend its connections on it. A failure is ignored: the relay also polls.
 */
export function createOutboxBell(sql: Sql): OutboxBell {
  let timer: NodeJS.Timeout | undefined;
  let again = false;

  function notify(): void {
    sql.query({ name: 'ring-outbox', text: `NOTIFY ${outboxChannel}` }).catch(() => {});
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      notify();
    }, quietMs).unref();
  }

  return {
    ring() {
      if (timer === undefined) notify();
      else again = true;
    },
    close: () => clearTimeout(timer),
  };
}
