import type { Bench, House } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import { profileRedirect } from '../profile/profile-redirect.ts';
import type { Row } from '../row.ts';
import { linkPrefix, slugOf } from '../seed/seeded-links.ts';
import { emptyCacheRedis, fillCacheRedis } from '../seed/with-cache-redis.ts';
import { readMetric } from '../subjects/read-metric.ts';
import { startBare } from '../subjects/start-bare.ts';
import { measureBeside } from './measure-beside.ts';
import { bareSide, redirectSide } from './redirect-side.ts';

/** Three times what a process keeps in memory, so that a link that comes again has long gone. */
const inCacheRedis = 300_000;

/** Links that are not in the process's memory but in the cache Redis. */
export const cacheRedis: Row = {
  name: 'cache-redis',
  title: 'Links that only the cache Redis has',
  seconds: 75,
  async run(bench) {
    const house = await bench.house();
    const count = bench.options.quick ? 110_000 : inCacheRedis;
    bench.say(`filling the cache Redis with ${count.toLocaleString('en')} links`);
    await house.links.ensure(count);
    await fillCacheRedis(house.stack, count);
    return [await measureMisses(bench, house, { count, stride: 1, tier: 'l2', result: 'hit' })];
  },
};

/** Links that only PostgreSQL has: each is asked for once, spread over the table. */
export const uncached: Row = {
  name: 'uncached',
  title: 'Links that only PostgreSQL has, uniform over a million',
  seconds: 110,
  async run(bench) {
    const house = await bench.house();
    const count = bench.options.quick ? 110_000 : 1_000_000;
    bench.say(`writing ${count.toLocaleString('en')} links`);
    await house.links.ensure(count);
    await emptyCacheRedis(house.stack);
    return [
      await measureMisses(bench, house, {
        count,
        stride: 618_033,
        tier: 'origin',
        result: 'loaded',
      }),
    ];
  },
};

interface Misses {
  count: number;
  /** Coprime to the count, so that every link comes once before any comes again. */
  stride: number;
  tier: 'l2' | 'origin';
  result: string;
}

async function measureMisses(bench: Bench, house: House, misses: Misses): Promise<Figure> {
  const { stack } = house;
  const { count, stride, tier, result } = misses;
  // With nothing in its memory.
  await stack.restart('redirect');
  const bare = await startBare({
    origin: stack.shortOrigin,
    path: `/${slugOf(count - 1)}`,
    route: '/:slug',
  });
  try {
    const question = {
      requests: { kind: 'numbered', prefix: linkPrefix, first: 0, stride, count },
    } as const;
    const redirect = redirectSide(bench, house, question);
    const rounds = await measureBeside(bench, { bare: bareSide(bench, bare, question), redirect });
    const found = await readMetric(stack.metricsUrl, 'shortstack_cache_requests_total', {
      cache: 'links',
      tier,
      result,
    });
    const clicks = await readMetric(stack.metricsUrl, 'shortstack_redirect_clicks_total');
    const from = tier === 'l2' ? 'the cache Redis' : 'PostgreSQL';
    await profileRedirect(bench, stack, `links from ${from}`, redirect);
    return {
      ...ratioFigure(rounds, {
        name:
          tier === 'l2'
            ? 'not in memory, in the cache Redis; redirect process'
            : 'only in PostgreSQL; redirect process',
        subject: ['redirect', 'process'],
        baseline: ['bare', 'process'],
        target: { of: 'ratio', bound: 'at least', limit: tier === 'l2' ? 0.45 : 0.25 },
      }),
      note: `${((100 * found) / clicks).toFixed(1)} % of the redirects came from there`,
    };
  } finally {
    await bare.stop();
  }
}
