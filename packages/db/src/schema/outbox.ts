import { bigint, index, jsonb, pgTable, sql, text, timestamp } from '../drizzle.ts';

/**
 * Events written in the transaction that they tell of, published by create's relay and kept for
 * an hour after that. Every redirect process also reads the newest rows each second.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    type: text().notNull(),
    payload: jsonb().notNull(),
    /** W3C trace context of what caused it, where that is traced. */
    traceparent: text(),
    /** When the transaction began, at most 5 s before its commit. */
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    publishedAt: timestamp('published_at', { withTimezone: true }),
  },
  (table) => [
    index('outbox_unpublished_idx').on(table.id).where(sql`${table.publishedAt} is null`),
    index('outbox_created_at_idx').on(table.createdAt),
  ],
);
