import type { Tally } from '../generate/tally.ts';
import { msAt, percentilePoints } from '../report/percentiles.ts';
import type { Plot } from '../report/render-plot.ts';
import type { LoadPlan } from './load-plan.ts';
import type { RunResult, RunSecond } from './run-threads.ts';

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
  const count = (name: string, pick: (tally: Tally) => number, kind: string) => ({
    name,
    points: whole(seconds).map(
      ({ tallies, seconds: length }, at) =>
        [at + 1, tallies[kind] === undefined ? 0 : pick(tallies[kind]) / length] as const,
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
  const line = (percentile: number) => ({
    name: percentile === 100 ? 'longest' : `p${percentile}`,
    points: whole(seconds).flatMap(({ tallies }, at) => {
      const tally = tallies.redirect ?? tallies['unknown slug'];
      return tally === undefined ? [] : [[at + 1, msAt(tally.latency, percentile)] as const];
    }),
  });
  return {
    title: 'Latency of redirects over time',
    xLabel: 'seconds',
    yLabel: 'ms',
    yScale: 'log',
    series: [line(50), line(99), line(100)],
  };
}

/** Without the rest of a second at the end, of which a rate would say little. */
function whole(seconds: readonly RunSecond[]): readonly RunSecond[] {
  return seconds.filter((second) => second.seconds > 0.5);
}

/** Requests without a complete answer, or with one that was not expected. */
export function failuresOf({ failures, unexpected }: Tally): number {
  return Object.values(failures).reduce((sum, count) => sum + count, unexpected);
}
