import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { percentileOf, percentiles } from '../latency/percentiles.ts';
import { type OpenLoopAnswer, runOpenLoop } from '../latency/run-open-loop.ts';
import { median } from '../measure/median.ts';
import type { Row } from '../row.ts';
import { slugOf } from '../seed/seeded-links.ts';
import { startBare } from '../subjects/start-bare.ts';

const connections = 64;

/** How long redirects take while requests come at their own pace. */
export const latency: Row = {
  name: 'latency',
  title:
    'Latency of the hot path at a fixed rate, half of what saturates the bare server (open loop)',
  seconds: 70,
  async run(bench) {
    const house = await bench.house();
    await house.links.ensure(10_000);
    const path = `/${slugOf(1)}`;
    const bare = await startBare({ origin: house.stack.shortOrigin, path, route: '/:slug' });
    try {
      const rate = await halfOfSaturation(bench, bare.origin, path);
      const rounds: Record<'bare' | 'redirect', OpenLoopAnswer>[] = [];
      for (let number = 0; number <= bench.options.rounds; number += 1) {
        bench.say(`${rate}/s, round ${number} of ${bench.options.rounds}`);
        const seconds = number === 0 ? 2 : bench.options.seconds + 2;
        const at = (origin: string) =>
          runOpenLoop({ url: `${origin}${path}`, rate, connections, seconds });
        const round = { bare: await at(bare.origin), redirect: await at(house.stack.shortOrigin) };
        house.clicks.expect(round.redirect.answers);
        await house.clicks.settle();
        // The first one warms up.
        if (number > 0) rounds.push(round);
      }
      addPlots(bench, rate, rounds);
      return figuresOf(rate, rounds, bench.options.quick);
    } finally {
      await bare.stop();
    }
  },
};

async function halfOfSaturation(
  { driver, options }: Bench,
  origin: string,
  path: string,
): Promise<number> {
  const seconds = Math.max(2, options.seconds);
  const load = { origin, requests: { kind: 'path', path }, connections, seconds } as const;
  await driver.run(load);
  const { answers } = await driver.run(load);
  return Math.round(answers / seconds / 2);
}

type LatencyRounds = readonly Record<'bare' | 'redirect', OpenLoopAnswer>[];

function figuresOf(rate: number, rounds: LatencyRounds, quick: boolean): Figure[] {
  const of = (side: 'bare' | 'redirect', percent: number) =>
    rounds.map((round) => percentileOf(round[side].latencyMs, percent));
  const figure = (percent: number, moreMs?: number): Figure => {
    const bare = median(of('bare', percent));
    return {
      name: `hot redirect at ${rate.toLocaleString('en')}/s, p${percent}`,
      unit: 'ms',
      value: median(of('redirect', percent)),
      baseline: bare,
      ...(moreMs !== undefined && {
        target: {
          of: 'value',
          bound: 'at most',
          limit: bare + moreMs,
          shown: `≤ bare + ${moreMs} ms`,
        },
      }),
    };
  };
  const late = median(rounds.map(({ redirect }) => redirect.latenessP99Ms));
  const figures = [figure(50), figure(99, 2), figure(99.9, 8)];
  const note = `the generator itself was ${late.toFixed(1)} ms late at p99`;
  return quick ? figures : figures.map((each) => ({ ...each, note }));
}

function addPlots(bench: Bench, rate: number, rounds: LatencyRounds): void {
  const sides = ['bare', 'redirect'] as const;
  bench.addPlot({
    title: `Latency of the hot path at ${rate.toLocaleString('en')} requests per second`,
    xLabel: 'percentile',
    yLabel: 'ms',
    xScale: 'nines',
    yScale: 'log',
    series: sides.map((side) => ({
      name: side,
      points: percentiles.map((percent) => [
        percent,
        median(rounds.map((round) => percentileOf(round[side].latencyMs, percent))),
      ]),
    })),
  });
  bench.addPlot({
    title: 'Answers over time at that rate, all rounds one after the other',
    xLabel: 's',
    yLabel: 'per second',
    series: sides.map((side) => ({
      name: side,
      points: rounds
        .flatMap((round) => round[side].perSecond.slice(0, -1))
        .map((answers, second) => [second, answers]),
    })),
  });
}
