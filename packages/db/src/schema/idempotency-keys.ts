import { index, jsonb, pgTable, primaryKey, smallint, text, timestamp, uuid } from '../drizzle.ts';
import { accounts } from './accounts.ts';

/** Answers already given to an `Idempotency-Key`, kept for 24 h. Owned by create. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    key: text().notNull(),
    /** SHA-256 of method, path and body: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    status: smallint().notNull(),
    body: jsonb().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.key] }),
    index('idempotency_keys_created_at_idx').on(table.createdAt),
  ],
);
