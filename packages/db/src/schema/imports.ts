import { index, integer, pgTable, primaryKey, sql, text, timestamp, uuid } from '../drizzle.ts';
import { accounts } from './accounts.ts';

/** Imports of links from a file. Owned by create; an import is kept for 30 days. */
export const imports = pgTable(
  'imports',
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    /** Rows of the file; null until all have arrived. */
    rows: integer(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (table) => [
    index('imports_account_id_idx').on(table.accountId),
    index('imports_unfinished_idx').on(table.createdAt).where(sql`${table.finishedAt} is null`),
  ],
);

/** The rows of an import, up to 1,000 per chunk, until they have become links or rejections. */
export const importChunks = pgTable(
  'import_chunks',
  {
    importId: uuid('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    /** JSON: `[line, row]…`. Text because jsonb refuses what a file may hold. Null once they are done. */
    content: text(),
    imported: integer().notNull().default(0),
    rejected: integer().notNull().default(0),
    /** Set in the transaction that makes the links: so each row counts once, whatever crashes. */
    doneAt: timestamp('done_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.importId, table.number] })],
);

/** Rows that became no link, and why. */
export const importRejections = pgTable(
  'import_rejections',
  {
    importId: uuid('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    line: integer().notNull(),
    code: text().notNull(),
    detail: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.line] })],
);
