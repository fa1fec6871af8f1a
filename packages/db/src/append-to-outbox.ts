import type { Queryable } from './database.ts';
import { outbox } from './schema/outbox.ts';

/** The channel on which writers wake the relay. */
export const outboxChannel = 'outbox';

/**
 * Adds events to the transaction `tx`: they exist if, and only if, it commits. Wake the relay after the
 * commit with `NOTIFY outbox`; inside the transaction it would serialise all commits.
 */
export async function appendToOutbox(
  tx: Queryable,
  events: { type: string; payload: unknown; traceparent?: string | undefined }[],
): Promise<void> {
  if (events.length > 0) await tx.insert(outbox).values(events);
}
