import { index, pgTable, text, timestamp, uniqueIndex, uuid } from '../drizzle.ts';
import { accounts } from './accounts.ts';

/** API keys, stored as SHA-256 of a 256-bit random secret. Owned by create. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    scopes: text().array().notNull(),
    /** The first characters, so that people can tell their keys apart. */
    prefix: text().notNull(),
    keyHash: text('key_hash').notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('api_keys_key_hash_key').on(table.keyHash),
    index('api_keys_account_id_idx').on(table.accountId, table.createdAt),
  ],
);
