import type { RejectedRow } from '@shortstack/contracts';
import type { ImportContent } from '../domain/receive-import.ts';
import type { StoredImport } from '../domain/stored-import.ts';
import type { Sql } from './guarded-database.ts';

/** Begins an import; null while the account has `maxUnfinished` already. */
export async function insertImport(
  sql: Sql,
  accountId: string,
  maxUnfinished: number,
): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>({
    name: 'insert-import',
    text: `INSERT INTO imports (account_id) SELECT $1::uuid
      WHERE (SELECT count(*) FROM imports WHERE account_id = $1::uuid AND finished_at IS NULL) < $2
      RETURNING id`,
    values: [accountId, maxUnfinished],
  });
  return row?.id ?? null;
}

export async function insertImportChunk(
  sql: Sql,
  importId: string,
  number: number,
  content: ImportContent,
): Promise<void> {
  await sql.query({
    name: 'insert-import-chunk',
    text: 'INSERT INTO import_chunks (import_id, number, content) VALUES ($1, $2, $3)',
    values: [importId, number, JSON.stringify(content)],
  });
}

/** From now on the jobs process may take it up. */
export async function markImportReceived(sql: Sql, importId: string, rows: number): Promise<void> {
  await sql.query({
    name: 'mark-import-received',
    text: 'UPDATE imports SET rows = $2 WHERE id = $1',
    values: [importId, rows],
  });
}

/** Forgets an import that has not arrived as a whole. */
export async function deleteUnreceivedImport(sql: Sql, importId: string): Promise<void> {
  await sql.query({
    name: 'delete-unreceived-import',
    text: 'DELETE FROM imports WHERE id = $1 AND rows IS NULL',
    values: [importId],
  });
}

/** Null where there is none, or it is another's. */
export async function findImport(
  sql: Sql,
  accountId: string,
  importId: string,
): Promise<StoredImport | null> {
  const [row] = await sql.query<StoredImport>({
    name: 'find-import',
    text: `SELECT id, rows, created_at AS "createdAt", finished_at AS "finishedAt",
        coalesce(sum(imported), 0)::int AS imported, coalesce(sum(rejected), 0)::int AS rejected
      FROM imports LEFT JOIN import_chunks ON import_id = id
      WHERE id = $1 AND account_id = $2 GROUP BY id`,
    values: [importId, accountId],
  });
  return row ?? null;
}

/** Rejected rows in the order of their lines, beyond `afterLine`. */
export function listRejectedRows(
  sql: Sql,
  importId: string,
  afterLine: number,
  limit: number,
): Promise<RejectedRow[]> {
  return sql.query<RejectedRow>({
    name: 'list-rejected-rows',
    text: `SELECT line, code, detail FROM import_rejections
      WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3`,
    values: [importId, afterLine, limit],
  });
}
