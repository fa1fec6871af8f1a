import type { RejectedRow } from '@shortstack/contracts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { finishChunk, lockOpenChunk } from './data/import-chunks.ts';
import type { KeptAnswer } from './domain/idempotency.ts';
import type { LinkCreationPorts } from './domain/link-writer.ts';
import type { OpenChunk } from './domain/stored-import.ts';
import { writerOn } from './link-creation.ts';

/** What `createLinks` answers where a row is presented by its slug. */
interface ChunkAnswer {
  results: ({ link: string } | { error: { code: string; detail: string } })[];
}

/** Joins the creation of a chunk's links to PostgreSQL: its links, its event, its rejected rows and "done" are one transaction. */
export function importPorts(
  database: GuardedDatabase,
  ports: LinkCreationPorts,
  chunk: { importId: string; number: number } & OpenChunk,
): LinkCreationPorts {
  return {
    ...ports,
    once: (_request, work) =>
      database.transactionSql(async (sql): Promise<KeptAnswer> => {
        const answered: KeptAnswer = { status: 200, body: null };
        if (!(await lockOpenChunk(sql, chunk.importId, chunk.number))) return answered;
        const { body } = await work(writerOn(sql));
        const rejected = rejectedRows(chunk, body as ChunkAnswer);
        await finishChunk(sql, chunk, chunk.content.rows.length - rejected.length, rejected);
        return answered;
      }),
  };
}

/** Rejects all rows of a chunk whose job failed for good. */
export function giveUpChunk(
  database: GuardedDatabase,
  chunk: { importId: string; number: number } & OpenChunk,
): Promise<void> {
  return database.transactionSql(async (sql) => {
    if (!(await lockOpenChunk(sql, chunk.importId, chunk.number))) return;
    const reason = {
      code: 'IMPORT_FAILED',
      detail: 'The row could not be imported. Import it again.',
    };
    const rejected = chunk.content.rows.map(([line]) => ({ line, ...reason }));
    await finishChunk(sql, chunk, 0, rejected);
  });
}

function rejectedRows({ content }: OpenChunk, { results }: ChunkAnswer): RejectedRow[] {
  return content.rows.flatMap(([line], i) => {
    const result = results[i];
    if (result === undefined || 'link' in result) return [];
    return [{ line, code: result.error.code, detail: result.error.detail }];
  });
}
