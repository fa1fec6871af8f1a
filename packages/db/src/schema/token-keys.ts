import { integer, jsonb, pgTable, text, timestamp } from '../drizzle.ts';

/** The keys that sign access tokens, one generation after the other. Owned by create. */
export const tokenKeys = pgTable('token_keys', {
  /** Two processes that make the next key at once make one: only one of them can insert its number. */
  generation: integer().primaryKey(),
  publicJwk: jsonb('public_jwk').$type<Record<string, unknown>>().notNull(),
  /** Encrypted under a key that PostgreSQL doesn't have. */
  sealedPrivateJwk: text('sealed_private_jwk').notNull(),
  /** It signs from then on; it is published before. */
  signsFrom: timestamp('signs_from', { withTimezone: true }).notNull(),
  /** Nothing that it signed is good from then on. Null: until its successor has replaced it and its last token has ended. */
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
