import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, House } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { longestLag, type Sample } from '../measure/longest-lag.ts';
import { cpuSeconds } from '../measure/process-figures.ts';
import type { Row } from '../row.ts';
import { linkPrefix } from '../seed/seeded-links.ts';
import { readMetric } from '../subjects/read-metric.ts';

const sampleMs = 250;

/** Counting the clicks of a redirect process that gets all that it can take. */
export const ingestion: Row = {
  name: 'ingestion',
  title:
    'Clicks per CPU-second of redirect-jobs, and how far it falls behind a saturated redirect process',
  seconds: 50,
  async run(bench) {
    const house = await bench.house();
    const links = bench.options.quick ? 1_000 : 10_000;
    await house.links.ensure(links);
    const one = await saturate(bench, house, 1);
    bench.addPlot({
      title: 'Redirects answered and clicks counted, one link, saturated',
      xLabel: 's',
      yLabel: 'per second',
      series: [
        { name: 'answered', points: rateOf(one.samples, (sample) => sample.answered) },
        { name: 'counted', points: rateOf(one.samples, (sample) => sample.counted) },
      ],
    });
    const many = await saturate(bench, house, links);
    const figures = (what: string, { perCpuSecond, lagSeconds }: Saturation): Figure[] => [
      {
        name: `ingestion, ${what}; redirect-jobs`,
        unit: 'clicks per CPU-second',
        value: perCpuSecond,
        ...(what === 'one link' && {
          target: { of: 'value', bound: 'at least', limit: 170_000 },
        }),
      },
      {
        name: `the same, furthest behind`,
        unit: 's',
        value: lagSeconds,
        target: { of: 'value', bound: 'at most', limit: 5 },
      },
    ];
    return [...figures('one link', one), ...figures(`${links.toLocaleString('en')} links`, many)];
  },
};

interface Saturation {
  perCpuSecond: number;
  lagSeconds: number;
  samples: Sample[];
}

async function saturate(bench: Bench, house: House, links: number): Promise<Saturation> {
  const { stack, clicks } = house;
  const { driver, options } = bench;
  bench.say(`${links} links`);
  const requests = {
    kind: 'numbered',
    prefix: linkPrefix,
    first: 0,
    stride: 1,
    count: links,
  } as const;
  const run = async (seconds: number) => {
    const { answers } = await driver.run({ origin: stack.shortOrigin, requests, seconds });
    clicks.expect(answers);
    return answers;
  };
  await run(options.quick ? 1 : 2);
  await clicks.settle();
  const cpu = () => cpuSeconds(stack.pid('redirect-jobs'));
  const samples: Sample[] = [];
  const countedBefore = await clicks.counted();
  const answered = () => readMetric(stack.metricsUrl, 'shortstack_redirect_clicks_total');
  const answeredBefore = await answered();
  const startedAt = performance.now();
  const sample = async () => {
    const [now, counted] = await Promise.all([answered(), clicks.counted()]);
    const seconds = (performance.now() - startedAt) / 1_000;
    samples.push({
      seconds,
      answered: now - answeredBefore,
      counted: counted - countedBefore,
    });
  };
  const before = cpu();
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      await sample();
      await pause(sampleMs);
    }
  })();
  await run(options.quick ? 2 : 10);
  await clicks.settle();
  const used = cpu() - before;
  isOver = true;
  await sampling;
  await sample();
  return {
    perCpuSecond: ((await clicks.counted()) - countedBefore) / used,
    lagSeconds: longestLag(samples),
    samples,
  };
}

function rateOf(samples: readonly Sample[], read: (sample: Sample) => number): [number, number][] {
  return samples.slice(1).map((sample, index) => {
    const last = samples[index] ?? sample;
    const seconds = sample.seconds - last.seconds;
    return [sample.seconds, (read(sample) - read(last)) / seconds];
  });
}
