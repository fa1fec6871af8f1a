import type { GuardedDatabase } from './data/guarded-database.ts';
import { claimKey, onceFor, releaseKey } from './data/idempotency-keys.ts';
import {
  deleteUnreceivedImport,
  findImport,
  insertImport,
  insertImportChunk,
  listRejectedRows,
  markImportReceived,
} from './data/imports.ts';
import type { ImportRoutesOptions } from './routes/imports.ts';

const maxUnfinished = 5;

/** Joins the routes of imports to PostgreSQL. */
export function importReceipt(database: GuardedDatabase): Omit<ImportRoutesOptions, 'limits'> {
  return {
    begin: (accountId) => insertImport(database, accountId, maxUnfinished),
    claim: (id, repeatable) => claimKey(database, repeatable, id),
    store: (id, number, content) => insertImportChunk(database, id, number, content),
    async complete(id, rows, repeatable) {
      if (repeatable === null) {
        await markImportReceived(database, id, rows);
        return id;
      }
      const { body } = await onceFor(database, repeatable, async (sql) => {
        await markImportReceived(sql, id, rows);
        return { status: 202, body: { id } };
      });
      return (body as { id: string }).id;
    },
    async forget(id, repeatable) {
      await deleteUnreceivedImport(database, id);
      if (repeatable) await releaseKey(database, repeatable, id);
    },
    find: (accountId, id) => findImport(database, accountId, id),
    listRejected: (id, afterLine, limit) => listRejectedRows(database, id, afterLine, limit),
  };
}
