import { boolean, jsonb, pgTable, text, timestamp } from '../drizzle.ts';

/** At most one row: what administrators change while everything runs. What is not in it has its default. */
export const runtimeSettings = pgTable('runtime_settings', {
  only: boolean().primaryKey().default(true),
  settings: jsonb().$type<Record<string, unknown>>().notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  /** The account that changed them last. No reference: it may be deleted. */
  updatedBy: text('updated_by').notNull(),
});
