/** A program: writes leaderboards and unique visitors into the hub again, from PostgreSQL. See `infra/local` and the README. */
import { loadConfig } from '@shortstack/config';
import { createDatabase } from '@shortstack/db';
import { connectRedis } from '@shortstack/redis';
import { rebuildConfig } from './config.ts';
import { loadScoredLinks, loadScores } from './data/load-scores.ts';
import { loadVisits } from './data/load-visits.ts';
import { rebuildAnalytics } from './jobs/rebuild-analytics.ts';

async function main(): Promise<void> {
  const config = loadConfig(rebuildConfig, process.env);
  // Nobody waits for an answer: a busy hub may take its time.
  const hub = connectRedis({ name: 'hub', url: config.REDIS_HUB_URL, commandTimeoutMs: 10_000 });
  const database = createDatabase({
    url: config.DATABASE_URL,
    applicationName: 'rebuild-analytics',
    maxConnections: 2,
    statementTimeoutMs: 60_000,
    onError: () => {},
  });
  try {
    await hub.ready();
    const { pool } = database;
    const begunMs = performance.now();
    const { links, scores, visits } = await rebuildAnalytics({
      hub,
      loadScoredLinks: () => loadScoredLinks(pool),
      loadScores: (linkIds, since) => loadScores(pool, linkIds, since),
      loadVisits: (since) => loadVisits(pool, since),
      now: Date.now,
    });
    const seconds = ((performance.now() - begunMs) / 1_000).toFixed(1);
    console.log(`Leaderboards: ${scores} scores of ${links} links.`);
    console.log(`Unique visitors: ${visits} visits of the last 7 to 8 days.`);
    console.log(`The hub has all that PostgreSQL has, after ${seconds} s.`);
  } finally {
    await hub.close();
    await database.close();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
