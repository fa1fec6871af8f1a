import { inTurn, withClients } from './in-turn.ts';
import { progressBar } from './progress-bar.ts';
import type { SeedOptions } from './seed-options.ts';
import { countSeededLinks, firstSeededId, removeSeedAccount } from './seeded-links.ts';

const linksPerBatch = 10_000;
/** Links last: so a removal that was broken off finds the rest again. */
const tables = [
  'clicks',
  'daily_visitors',
  'link_minutes',
  'link_quarters',
  'link_days',
  'link_dimensions',
  'link_months_to_date',
  'link_totals',
];

/**
 * Takes away everything of the seeded links, real clicks on them included, the highest first. Caches are not told: a redirect
 * may go on for as long as its entry lives. The space comes back with autovacuum.
 */
export async function removeSeed(options: SeedOptions, signal: AbortSignal): Promise<void> {
  await withClients(options.databaseUrl, options.connections, async (clients) => {
    const [client] = clients;
    if (client === undefined) return;
    const count = await countSeededLinks(client);
    const bar = progressBar('links removed', count);
    await inTurn(
      clients,
      downwards(count),
      async (each, { from, to }) => {
        const range = [firstSeededId + from, firstSeededId + to];
        for (const table of tables) {
          await each.query(`DELETE FROM ${table} WHERE link_id >= $1 AND link_id < $2`, range);
        }
        await each.query('DELETE FROM links WHERE id >= $1 AND id < $2', range);
        bar.add(to - from);
      },
      signal,
    );
    bar.done();
    if (!signal.aborted) await removeSeedAccount(client);
  });
}

function* downwards(count: number): Generator<{ from: number; to: number }> {
  for (let to = count; to > 0; to -= linksPerBatch)
    yield { from: Math.max(0, to - linksPerBatch), to };
}
