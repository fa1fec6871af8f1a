import type { RejectedRow } from '@shortstack/contracts';
import type { OpenChunk } from '../domain/stored-import.ts';
import type { Sql } from './guarded-database.ts';

/** Null for a chunk that is done, or whose import is gone. */
export async function findOpenChunk(
  sql: Sql,
  importId: string,
  number: number,
): Promise<OpenChunk | null> {
  const [row] = await sql.query<{ accountId: string; content: string }>({
    name: 'find-open-chunk',
    text: `SELECT account_id AS "accountId", content FROM import_chunks JOIN imports ON id = import_id
      WHERE import_id = $1 AND number = $2 AND done_at IS NULL`,
    values: [importId, number],
  });
  return row === undefined ? null : { accountId: row.accountId, content: JSON.parse(row.content) };
}

/** Holds the chunk until the transaction ends; false where it is done by now. */
export async function lockOpenChunk(sql: Sql, importId: string, number: number): Promise<boolean> {
  const rows = await sql.query({
    name: 'lock-open-chunk',
    text: `SELECT FROM import_chunks WHERE import_id = $1 AND number = $2 AND done_at IS NULL FOR UPDATE`,
    values: [importId, number],
  });
  return rows.length === 1;
}

/** Marks a chunk as done, with its rejected rows, in the transaction that makes its links. */
export async function finishChunk(
  sql: Sql,
  chunk: { importId: string; number: number },
  imported: number,
  rejected: readonly RejectedRow[],
): Promise<void> {
  const { importId, number } = chunk;
  await sql.query({
    name: 'finish-chunk',
    text: `WITH rejections AS (
        INSERT INTO import_rejections (import_id, line, code, detail)
        SELECT $1::uuid, line, code, detail FROM json_to_recordset($3::json) AS row(line int, code text, detail text)
      )
      UPDATE import_chunks SET content = NULL, imported = $4, rejected = $5, done_at = now()
      WHERE import_id = $1::uuid AND number = $2`,
    values: [importId, number, JSON.stringify(rejected), imported, rejected.length],
  });
}

/** Numbers of the chunks that are not done. */
export async function listOpenChunks(sql: Sql, importId: string): Promise<number[]> {
  const rows = await sql.query<{ number: number }>({
    name: 'list-open-chunks',
    text: 'SELECT number FROM import_chunks WHERE import_id = $1 AND done_at IS NULL ORDER BY number',
    values: [importId],
  });
  return rows.map(({ number }) => number);
}

/** Imports that have arrived and are not finished, the oldest first, at most 100. */
export async function listUnfinishedImports(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>({
    name: 'list-unfinished-imports',
    text: `SELECT id FROM imports WHERE finished_at IS NULL AND rows IS NOT NULL
      ORDER BY created_at LIMIT 100`,
  });
  return rows.map(({ id }) => id);
}

/** Marks an import as finished, unless a chunk is open. */
export async function finishImport(sql: Sql, importId: string): Promise<void> {
  await sql.query({
    name: 'finish-import',
    text: `UPDATE imports SET finished_at = now() WHERE id = $1 AND finished_at IS NULL
      AND NOT EXISTS (SELECT FROM import_chunks WHERE import_id = $1 AND done_at IS NULL)`,
    values: [importId],
  });
}

/** Deletes imports that finished 30 days ago, and those whose file stopped arriving a quarter of an hour ago; one at a time. */
export async function deleteOldImports(sql: Sql): Promise<void> {
  await sql.query({
    name: 'delete-old-imports',
    text: `DELETE FROM imports WHERE id IN (SELECT id FROM imports
      WHERE finished_at < now() - interval '30 days'
        OR (rows IS NULL AND created_at < now() - interval '15 minutes') LIMIT 1)`,
  });
}
