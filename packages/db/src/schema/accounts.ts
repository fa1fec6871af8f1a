import { boolean, check, pgTable, sql, text, timestamp, uniqueIndex, uuid } from '../drizzle.ts';

/** People who sign in. Owned by create. */
export const accounts = pgTable(
  'accounts',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Lower-cased when it is stored, so one address is one account. */
    email: text().notNull(),
    name: text().notNull().default(''),
    /** argon2id in PHC format. */
    passwordHash: text('password_hash').notNull(),
    /** False where people sign in by an issuer alone: then the hash is that of a random text which nobody has. */
    hasPassword: boolean('has_password').notNull().default(true),
    role: text({ enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    /** Random; names the slot in which all sessions of this account live. */
    sessionTag: text('session_tag').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('accounts_email_key').on(table.email),
    check('accounts_role_check', sql`${table.role} in ('user', 'admin')`),
  ],
);
