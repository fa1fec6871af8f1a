import type { Client } from 'pg';
import { seededSlug } from '../seeded-slug.ts';
import { UsageError } from '../usage-error.ts';
import { type ClickBatch, clickBatches } from './click-batches.ts';
import { clicksPerLink } from './clicks-per-link.ts';
import { copyInto } from './copy-into.ts';
import { inTurn, withClients } from './in-turn.ts';
import { progressBar } from './progress-bar.ts';
import type { SeedOptions } from './seed-options.ts';
import { countSeededLinks, firstSeededId, haveSeededClicks, seedAccount } from './seeded-links.ts';
import { prepareClickBatches, writeClickBatch } from './write-click-batch.ts';

const linksPerBatch = 50_000;
const dayMs = 86_400_000;

/**
 * Fills the database of a deployment: links of an account of its own by COPY, then clicks of the past days, which the server invents, with the
 * roll-ups that belong to them; batch by batch, each in one transaction. Links that are there already stay, so more can be added;
 * clicks are seeded once. Rows go in the order of the tables' keys, which is what makes it quick. Goes
 * past the services: what Redis knows (leaderboards, unique visitors of longer times) needs `npm run analytics:rebuild`.
 */
export async function seed(options: SeedOptions, signal: AbortSignal): Promise<void> {
  await withClients(options.databaseUrl, options.connections, async (clients) => {
    const [client] = clients;
    if (client === undefined) return;
    if (options.clicks > 0 && (await haveSeededClicks(client))) {
      throw new UsageError('Seeded links have clicks already. Remove them first: seed --remove.');
    }
    await seedLinks(clients, client, options, signal);
    if (options.clicks > 0) await seedClicks(clients, client, options, signal);
    if (signal.aborted) {
      console.log('Ended early: what is there agrees with itself. seed --remove takes it away.');
      return;
    }
    await client.query(
      'ANALYZE links, clicks, link_totals, link_days, link_quarters, link_minutes, link_dimensions',
    );
  });
}

async function seedLinks(
  clients: readonly Client[],
  client: Client,
  { links }: SeedOptions,
  signal: AbortSignal,
): Promise<void> {
  const account = await seedAccount(client);
  const first = await countSeededLinks(client);
  if (first >= links) return;
  const bar = progressBar('links', links - first);
  const copy = async (each: Client, { from, to }: Range) => {
    await copyInto(each, 'links (id, account_id, slug, url)', linkLines(account, from, to));
    bar.add(to - from);
  };
  await inTurn(clients, ranges(first, links, linksPerBatch), copy, signal);
  bar.done();
}

interface Range {
  from: number;
  to: number;
}

function* ranges(first: number, end: number, size: number): Generator<Range> {
  for (let from = first; from < end; from += size) yield { from, to: Math.min(end, from + size) };
}

function* linkLines(account: string, from: number, to: number): Generator<string> {
  for (let index = from; index < to; index += 1) {
    yield `${firstSeededId + index}\t${account}\t${seededSlug(index)}\thttps://example.com/seeded/article-${index}?utm_source=newsletter\n`;
  }
}

async function seedClicks(
  clients: readonly Client[],
  client: Client,
  { links, clicks, days, keys }: SeedOptions,
  signal: AbortSignal,
): Promise<void> {
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  // Whole days, so today is left to the real clicks.
  const firstDay = today - days * dayMs;
  await client.query(
    `SELECT ensure_day_partition(parent, $1::date + n)
     FROM unnest(ARRAY['clicks', 'link_minutes']) AS parent, generate_series(0, $2::int - 1) AS n`,
    [new Date(firstDay).toISOString().slice(0, 10), days],
  );
  await Promise.all(clients.map(prepareClickBatches));
  const bar = progressBar('clicks', clicks);
  const span = { firstDay: firstDay / 1_000, days };
  const write = async (each: Client, batch: ClickBatch) => {
    await writeClickBatch(each, batch, span);
    bar.add(batch.clicks);
  };
  await inTurn(clients, clickBatches(clicksPerLink(keys, links, clicks), days), write, signal);
  bar.done();
}
