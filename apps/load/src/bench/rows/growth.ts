import type { Bench, House } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { measureRounds, type Side } from '../measure/measure-rounds.ts';
import { median } from '../measure/median.ts';
import { cpuSeconds } from '../measure/process-figures.ts';
import type { Row } from '../row.ts';
import { linkPrefix, slugOf } from '../seed/seeded-links.ts';
import { emptyCacheRedis } from '../seed/with-cache-redis.ts';
import { startBare } from '../subjects/start-bare.ts';
import type { Program } from '../subjects/start-program.ts';
import { makeKeys, startBareInsert } from './create-links.ts';
import { briefly } from './measure-beside.ts';
import { bareSide, redirectSide } from './redirect-side.ts';

/** How much of what it does with few links each path must still do. */
const limits = { hot: 0.9, uncached: 0.7, create: 0.8 };
type Path = keyof typeof limits;

/** A table of links that grows a thousandfold. Each size is measured beside the bare servers of the same minute. */
export const growth: Row = {
  name: 'growth',
  title: 'The hot path, uncached redirects and creation with 10 k and 1 M links; --full: also 10 M',
  seconds: 110,
  async run(bench) {
    const { quick, full } = bench.options;
    const all = [10_000, 1_000_000, ...(full ? [10_000_000] : [])];
    const sizes = quick ? [5_000, 20_000] : all;
    const house = await bench.openHouse();
    try {
      const ratios: Record<Path, number>[] = [];
      for (const size of sizes) {
        bench.say(`writing ${size.toLocaleString('en')} links`);
        await house.links.ensure(size);
        bench.say(`measuring ${size.toLocaleString('en')} links`);
        ratios.push(await measureSize(briefly(bench), house, size));
      }
      addPlot(bench, sizes, ratios);
      return figuresOf(sizes, ratios);
    } finally {
      await house.stack.close();
    }
  },
};

/** Each path as a share of its baseline. */
async function measureSize(
  bench: Bench,
  house: House,
  size: number,
): Promise<Record<Path, number>> {
  const { stack, session } = house;
  const path = `/${slugOf(1)}`;
  await session.changeSettings({ rateLimits: false });
  const bare = await startBare({ origin: stack.shortOrigin, path, route: '/:slug' });
  const bareInsert = await startBareInsert(stack, session.accountId);
  try {
    const [key = ''] = await makeKeys(stack, 1);
    const question = { requests: { kind: 'path', path } } as const;
    const sides = {
      bare: bareSide(bench, bare, question),
      hot: redirectSide(bench, house, question),
      bareInsert: createSide(bench, bareInsert, {}),
      create: createSide(
        bench,
        { origin: stack.appOrigin, pid: stack.pid('create') },
        { Authorization: `Bearer ${key}` },
      ),
    };
    await measureRounds(1, sides);
    const count = bench.options.rounds;
    const rounds = await measureRounds(count, sides);
    const uncached = await measureUncached(bench, house, bare, size, count);
    return {
      hot: median(rounds.ratios(['hot', 'process'], ['bare', 'process'])),
      uncached,
      create: median(rounds.ratios(['create', 'process'], ['bareInsert', 'process'])),
    };
  } finally {
    await Promise.all([bare.stop(), bareInsert.stop()]);
  }
}

function createSide(
  { driver, options }: Bench,
  { origin, pid }: Pick<Program, 'origin' | 'pid'>,
  headers: Record<string, string>,
): Side {
  let first = 0;
  return {
    cpu: { process: () => cpuSeconds(pid) },
    async drive() {
      const requests = { kind: 'create', path: '/api/links', first } as const;
      const load = { origin, requests, headers, seconds: options.seconds, status: 201 };
      const { answers, sent } = await driver.run(load);
      first += sent;
      return answers;
    },
  };
}

/** So many that the smallest size has them, in each round with nothing in any cache. */
async function measureUncached(
  bench: Bench,
  house: House,
  bare: Program,
  size: number,
  count: number,
): Promise<number> {
  const { stack } = house;
  const limit = bench.options.quick ? 2_000 : 8_000;
  // Odd and no multiple of 5, so coprime to a power of ten: spread over the table, none twice.
  const stride = Math.floor(size * 0.618_033) | 1;
  const requests = {
    kind: 'numbered',
    prefix: linkPrefix,
    first: 0,
    stride: stride % 5 === 0 ? stride + 2 : stride,
    count: size,
    limit,
  } as const;
  const ratios: number[] = [];
  for (let round = 0; round < count; round += 1) {
    await emptyCacheRedis(stack);
    await stack.restart('redirect');
    const rounds = await measureRounds(1, {
      bare: bareSide(bench, bare, { requests }),
      redirect: redirectSide(bench, house, { requests }),
    });
    ratios.push(...rounds.ratios(['redirect', 'process'], ['bare', 'process']));
  }
  return median(ratios);
}

const shownPath: Record<Path, string> = {
  hot: 'hot redirect',
  uncached: 'only in PostgreSQL',
  create: 'create a link',
};
const paths = Object.keys(limits) as Path[];

function figuresOf(sizes: readonly number[], ratios: readonly Record<Path, number>[]): Figure[] {
  const [first] = ratios;
  const [smallest = 0] = sizes;
  return paths.flatMap((path) =>
    sizes.slice(1).map((size, index): Figure => {
      const baseline = first?.[path] ?? Number.NaN;
      const value = ratios[index + 1]?.[path] ?? Number.NaN;
      return {
        name: `${shownPath[path]}: ${size.toLocaleString('en')} links against ${smallest.toLocaleString('en')}`,
        unit: '× bare',
        ...{ value, baseline, ratio: value / baseline },
        target: { of: 'ratio', bound: 'at least', limit: limits[path] },
      };
    }),
  );
}

function addPlot(
  bench: Bench,
  sizes: readonly number[],
  ratios: readonly Record<Path, number>[],
): void {
  bench.addPlot({
    title: 'Growth: requests per CPU-second as a share of the baseline',
    xLabel: 'links',
    yLabel: '× baseline',
    xScale: 'log',
    series: paths.map((path) => ({
      name: shownPath[path],
      points: ratios.map((ratio, index) => [sizes[index] ?? 0, ratio[path]]),
    })),
  });
}
