import { createHash } from 'node:crypto';
import { AppError } from '@shortstack/errors';
import { csvColumns } from './import-row.ts';
import { type FileRecord, splitRecords } from './split-records.ts';

export type ImportFormat = 'csv' | 'jsonl';

/** Rows as they came, and for CSV the names of their cells. */
export interface ImportContent {
  columns: string[] | null;
  rows: FileRecord[];
}

const maxRows = 1_000_000;
const maxBytes = 268_435_456;
/** One transaction's worth. With both bounds an import has at most 1,128 chunks. */
const chunkRows = 1_000;
const chunkLength = 2_097_152;

/**
 * Cuts a file that streams in into chunks and hands each to `store` before it reads on: memory holds one chunk. Resolves with
 * the number of rows and the SHA-256 of the file.
 *
 * @throws AppError `unprocessable` / `IMPORT_TOO_LARGE` beyond 1,000,000 rows or 256 MiB, `CSV_HEADER_INVALID`, and what `store` throws.
 */
export async function receiveImport(
  body: AsyncIterable<Uint8Array>,
  format: ImportFormat,
  store: (number: number, content: ImportContent) => Promise<void>,
): Promise<{ rows: number; hash: string }> {
  const splitter = splitRecords({ quotes: format === 'csv' });
  const decoder = new TextDecoder();
  const hash = createHash('sha256');
  let columns: string[] | null = null;
  let waiting: FileRecord[] = [];
  let length = 0;
  let bytes = 0;
  let rows = 0;
  let chunks = 0;

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    await store(chunks, { columns, rows: waiting });
    chunks += 1;
    waiting = [];
    length = 0;
  }

  async function take(records: FileRecord[]): Promise<void> {
    for (const record of records) {
      if (format === 'csv' && columns === null) {
        columns = csvColumns(record[1]);
        continue;
      }
      rows += 1;
      if (rows > maxRows) throw tooLarge();
      waiting.push(record);
      length += record[1]?.length ?? 0;
      if (waiting.length >= chunkRows || length >= chunkLength) await flush();
    }
  }

  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    hash.update(piece);
    await take(splitter.push(decoder.decode(piece, { stream: true })));
  }
  await take([...splitter.push(decoder.decode()), ...splitter.end()]);
  if (format === 'csv' && columns === null) csvColumns(null);
  await flush();
  return { rows, hash: hash.digest('base64url') };
}

function tooLarge(): AppError {
  return new AppError(
    'unprocessable',
    'IMPORT_TOO_LARGE',
    'An import has at most 1,000,000 rows and 256 MiB. Split the file.',
  );
}
