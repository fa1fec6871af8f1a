import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, House } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median } from '../measure/median.ts';
import { residentMebibytes } from '../measure/process-figures.ts';
import { type Outcome, offerLoad } from '../offer-load.ts';
import type { Row } from '../row.ts';
import { slugOf } from '../seed/seeded-links.ts';
import { makeKeys } from './create-links.ts';
import { briefly } from './measure-beside.ts';

/** As many as keep it busy, and as many as come when it is too many. */
const connections = { saturation: 256, overload: 1_024 };
const healthEveryMs = 200;
const healthTimeoutMs = 2_000;

/** What a service does when twice as many come as it can serve. */
export const overload: Row = {
  name: 'overload',
  title: 'Hot redirects and creations at twice what saturates them (open loop), beside saturation',
  seconds: 60,
  async run(bench) {
    const house = await bench.house();
    const { stack, session } = house;
    await house.links.ensure(10_000);
    await session.changeSettings({ rateLimits: false });
    const [key = ''] = await makeKeys(stack, 1);
    const redirects = await measure(bench, house, {
      name: 'hot redirects',
      service: 'redirect',
      healthUrl: stack.metricsUrl.replace('/metrics', '/livez'),
      send: async (load) => {
        const requests = { kind: 'path', path: `/${slugOf(1)}` } as const;
        const outcome = await offerLoad({ ...load, origin: stack.shortOrigin, requests });
        house.clicks.expect(outcome.answers - outcome.refused);
        await house.clicks.settle();
        return outcome;
      },
    });
    let first = 0;
    const creations = await measure(bench, house, {
      name: 'creations',
      service: 'create',
      healthUrl: stack.createMetricsUrl.replace('/metrics', '/livez'),
      send: async (load) => {
        const requests = { kind: 'create', path: '/api/links', first } as const;
        const headers = { authorization: `Bearer ${key}` };
        const outcome = await offerLoad({
          ...{ ...load, requests, headers, status: 201 },
          origin: stack.appOrigin,
        });
        first += outcome.sent;
        return outcome;
      },
    });
    await session.changeSettings({ rateLimits: true });
    return [...redirects, ...creations];
  },
};

interface Subject {
  name: string;
  service: 'redirect' | 'create';
  healthUrl: string;
  send(load: { rate?: number; connections: number; seconds: number }): Promise<Outcome>;
}

interface Round {
  saturation: Outcome;
  overload: Outcome;
  slowestHealthMs: number;
  peakMebibytes: number;
}

async function measure(bench: Bench, { stack }: House, subject: Subject): Promise<Figure[]> {
  const { rounds: count, seconds } = briefly(bench).options;
  const rounds: Round[] = [];
  await subject.send({ connections: connections.saturation, seconds: 2 });
  for (let number = 1; number <= count; number += 1) {
    bench.say(`${subject.name}, round ${number}`);
    const saturation = await subject.send({ connections: connections.saturation, seconds });
    const watch = watchProcess(subject.healthUrl, stack.pid(subject.service));
    const rate = 2 * saturation.goodPerSecond;
    const overload = await subject.send({ rate, connections: connections.overload, seconds });
    rounds.push({ saturation, overload, ...(await watch.stop()) });
  }
  return figuresOf(subject, rounds);
}

function figuresOf({ name, service }: Subject, rounds: readonly Round[]): Figure[] {
  const compare = (read: (outcome: Outcome) => number) => {
    const ratios = rounds.map(({ overload, saturation }) => read(overload) / read(saturation));
    return {
      value: median(rounds.map(({ overload }) => read(overload))),
      baseline: median(rounds.map(({ saturation }) => read(saturation))),
      ratio: median(ratios),
      ratios,
    };
  };
  const refused = rounds.reduce((sum, { overload }) => sum + overload.refused, 0);
  const failed = rounds.reduce((sum, { overload }) => sum + overload.failed, 0);
  const peaks = rounds.map(({ peakMebibytes }) => peakMebibytes);
  const [first = Number.NaN, last = Number.NaN] = [peaks[0], peaks.at(-1)];
  return [
    {
      name: `${name} at twice saturation, served; ${connections.overload.toLocaleString('en')} connections`,
      unit: 'per second',
      ...compare(({ goodPerSecond }) => goodPerSecond),
      target: { of: 'ratio', bound: 'at least', limit: 0.9 },
      note: `from the bundled generator; ${refused} refused with 503, ${failed} failed otherwise`,
    },
    {
      name: 'the same, p99 of what was served',
      unit: 'ms',
      ...compare(({ p99Ms }) => p99Ms),
      target: { of: 'ratio', bound: 'at most', limit: 5 },
    },
    {
      name: 'the same, slowest answer of /livez',
      unit: 'ms',
      value: Math.max(...rounds.map(({ slowestHealthMs }) => slowestHealthMs)),
      target: { of: 'value', bound: 'at most', limit: healthTimeoutMs },
    },
    {
      name: `the same, ${service} process, most memory in the last round beside the first; resident`,
      unit: 'MiB',
      value: last,
      baseline: first,
      ratio: last / first,
      target: { of: 'ratio', bound: 'at most', limit: 1.2 },
    },
  ];
}

/** Asks for its health and looks at its memory, until it is stopped. A question that gets no answer counts as endless. */
function watchProcess(healthUrl: string, pid: number) {
  let isOver = false;
  let slowestHealthMs = 0;
  let peakMebibytes = 0;
  const watching = (async () => {
    while (!isOver) {
      const askedAt = performance.now();
      const isHealthy = await fetch(healthUrl, {
        signal: AbortSignal.timeout(healthTimeoutMs),
      }).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.ok;
        },
        () => false,
      );
      const ms = isHealthy ? performance.now() - askedAt : Number.POSITIVE_INFINITY;
      slowestHealthMs = Math.max(slowestHealthMs, ms);
      peakMebibytes = Math.max(peakMebibytes, residentMebibytes(pid));
      await pause(healthEveryMs);
    }
  })();
  // Told when it is awaited.
  watching.catch(() => undefined);
  return {
    async stop() {
      isOver = true;
      await watching;
      return { slowestHealthMs, peakMebibytes };
    },
  };
}
