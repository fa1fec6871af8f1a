import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Characters per chunk handed to the driver. */
const chunkLength = 262_144;

/** Copies lines of PostgreSQL's text format into `table (columns)`, at the pace that the server takes them. */
export async function copyInto(
  client: Client,
  tableAndColumns: string,
  lines: Iterable<string>,
): Promise<void> {
  await pipeline(
    Readable.from(chunksOf(lines), { objectMode: false }),
    client.query(copyFrom(`COPY ${tableAndColumns} FROM STDIN`)),
  );
}

function* chunksOf(lines: Iterable<string>): Generator<Buffer> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield Buffer.from(chunk, 'latin1');
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk, 'latin1');
}
