import { index, pgTable, text, timestamp, uniqueIndex, uuid } from '../drizzle.ts';
import { accounts } from './accounts.ts';

/** Who people are at an OpenID Connect issuer: `issuer` and `subject` name one of them for ever, an e-mail address doesn't. Owned by create. */
export const identities = pgTable(
  'identities',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    issuer: text().notNull(),
    subject: text().notNull(),
    /** As the issuer told it when the identity was linked: so that people recognise it, and for nothing else. */
    email: text().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('identities_issuer_subject_key').on(table.issuer, table.subject),
    index('identities_account_id_idx').on(table.accountId),
  ],
);
