import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Click } from './derive-click.ts';

const statement = `COPY clicks (clicked_at, link_id, request_id, visitor, is_bot, referrer, country, browser, os, device)
  FROM STDIN`;

/** Clicks per chunk handed to the driver. */
const chunkSize = 2_000;

/** Writes raw clicks with COPY, in the client's transaction. */
export async function copyClicks(client: PoolClient, clicks: readonly Click[]): Promise<void> {
  if (clicks.length === 0) return;
  await pipeline(
    Readable.from(chunksOf(clicks), { objectMode: false }),
    client.query(copyFrom(statement)),
  );
}

function* chunksOf(clicks: readonly Click[]): Generator<Buffer> {
  for (let at = 0; at < clicks.length; at += chunkSize) {
    let lines = '';
    for (const click of clicks.slice(at, at + chunkSize)) lines += lineOf(click);
    yield Buffer.from(lines);
  }
}

/** @see https://www.postgresql.org/docs/17/sql-copy.html#id-1.9.3.55.9.2 (text format) */
function lineOf(click: Click): string {
  return `${new Date(click.clickedAt).toISOString()}\t${click.linkId}\t${escaped(click.requestId)}\t${
    click.visitor ?? '\\N'
  }\t${click.isBot ? 't' : 'f'}\t${escaped(click.referrer)}\t${escaped(click.country)}\t${escaped(click.browser)}\t${escaped(
    click.os,
  )}\t${escaped(click.device)}\n`;
}

const special = /[\\\t\n\r]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string | null): string {
  return text === null ? '\\N' : text.replace(special, (character) => escapes[character] ?? '');
}
