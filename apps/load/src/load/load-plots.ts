import type { Tally } from '../generate/tally.ts';
import { percentilePoints } from '../report/percentiles.ts';
import type { Plot } from '../report/render-plot.ts';
import type { LoadPlan } from './load-plan.ts';
import { type SecondOfKind, wholeSeconds } from './run-second.ts';
import type { RunResult } from './run-threads.ts';

/** The plots of a run: latency by percentile, throughput over time, latency over time. */
export function loadPlots(plan: LoadPlan, run: RunResult): Plot[] {
  return [latencyPlot(Object.entries(run.total), plan), throughputPlot(run), latencyOverTime(run)];
}

function latencyPlot(kinds: [string, Tally][], { stages }: LoadPlan): Plot {
  return {
    title: 'Latency by percentile',
    note:
      stages === undefined
        ? 'Closed loop: each connection waits for its answer before it asks again, so a stall slows the load down and shows in few requests.'
        : 'Open loop: from the time that a request was meant to be sent, so a stall shows in all requests that it delays.',
    xLabel: 'percentile',
    yLabel: 'ms',
    xScale: 'nines',
    yScale: 'log',
    series: kinds.map(([name, { latency }]) => ({
      name,
      points: percentilePoints(latency).map(({ percentile, ms }) => [percentile, ms] as const),
    })),
  };
}

function throughputPlot({ seconds, total }: RunResult): Plot {
  const count = (name: string, pick: (second: SecondOfKind) => number, kind: string) => ({
    name,
    points: wholeSeconds(seconds).map(
      ({ kinds, seconds: length }, at) =>
        [at + 1, kinds[kind] === undefined ? 0 : pick(kinds[kind]) / length] as const,
    ),
  });
  return {
    title: 'Throughput over time',
    xLabel: 'seconds',
    yLabel: 'answers per second',
    series: [
      ...Object.keys(total).map((kind) => count(kind, ({ answers }) => answers, kind)),
      ...Object.entries(total)
        .filter(([, tally]) => failuresOf(tally) > 0)
        .map(([kind]) => count(`${kind}: failed or unexpected`, failuresOf, kind)),
    ],
  };
}

function latencyOverTime({ seconds }: RunResult): Plot {
  const line = (name: 'p50' | 'p99' | 'longest') => ({
    name,
    points: wholeSeconds(seconds).flatMap(({ kinds }, at) => {
      const second = kinds.redirect ?? kinds['unknown slug'];
      return second === undefined || second.longest === 0 ? [] : [[at + 1, second[name]] as const];
    }),
  });
  return {
    title: 'Latency of redirects over time',
    xLabel: 'seconds',
    yLabel: 'ms',
    yScale: 'log',
    series: [line('p50'), line('p99'), line('longest')],
  };
}

/** Requests without a complete answer, or with one that was not expected. */
export function failuresOf({
  failures,
  unexpected,
}: Pick<Tally, 'failures' | 'unexpected'>): number {
  return Object.values(failures).reduce((sum, count) => sum + count, unexpected);
}
