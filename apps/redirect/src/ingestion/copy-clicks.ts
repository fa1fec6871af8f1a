import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  binaryEnd,
  binaryHead,
  binaryInt8,
  binaryNull,
  binaryRow,
  binaryText,
  binaryTimestamp,
} from './binary-copy.ts';
import type { Click } from './derive-click.ts';

const statement = `COPY clicks (clicked_at, link_id, request_id, visitor, is_bot, referrer, country, browser, os, device)
  FROM STDIN (FORMAT binary)`;
const rowStart = binaryRow(10);

/** Clicks per chunk handed to the driver. */
const chunkSize = 1_000;

/** Writes raw clicks with COPY, in the client's transaction. Binary costs both sides half of what text does. */
export async function copyClicks(client: PoolClient, clicks: readonly Click[]): Promise<void> {
  if (clicks.length === 0) return;
  await pipeline(
    Readable.from(chunksOf(clicks), { objectMode: false }),
    client.query(copyFrom(statement)),
  );
}

function* chunksOf(clicks: readonly Click[]): Generator<Buffer> {
  let bytes = binaryHead;
  let time = { ms: Number.NaN, bytes: '' };
  for (const [at, { clickedAt, linkId, requestId, visitor, profile }] of clicks.entries()) {
    // The clicks of a batch share their millisecond.
    if (time.ms !== clickedAt) time = { ms: clickedAt, bytes: binaryTimestamp(clickedAt) };
    bytes +=
      rowStart +
      time.bytes +
      binaryInt8(linkId) +
      binaryText(requestId) +
      (visitor === null ? binaryNull : visitor.copied) +
      profile.copied;
    if (at % chunkSize === chunkSize - 1) {
      yield Buffer.from(bytes, 'latin1');
      bytes = '';
    }
  }
  yield Buffer.from(bytes + binaryEnd, 'latin1');
}
