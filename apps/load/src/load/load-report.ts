import type { Tally } from '../generate/tally.ts';
import { msAt, percentilePoints, shownPercentiles } from '../report/percentiles.ts';
import type { Plot } from '../report/render-plot.ts';
import type { Report, Table } from '../report/render-report.ts';
import type { Audit } from './audit.ts';
import { describePlan } from './describe-plan.ts';
import { type Finding, figure } from './findings.ts';
import type { LoadPlan } from './load-plan.ts';
import type { RunResult, RunSecond } from './run-threads.ts';

export interface LoadOutcome {
  plan: LoadPlan;
  scenario: string | undefined;
  startedAt: Date;
  run: RunResult;
  /** Or why there is none. */
  audit: Audit | string;
  findings: Finding[];
}

/** The report of a run, for HTML and the terminal. */
export function loadReport({
  plan,
  scenario,
  startedAt,
  run,
  audit,
  findings,
}: LoadOutcome): Report {
  const kinds = Object.entries(run.total);
  return {
    title: `Load on ${plan.target}${scenario === undefined ? '' : `: ${scenario}`}`,
    subtitle: `${startedAt.toISOString().slice(0, 19)}Z · run ${plan.runId} · ${describePlan(plan)}`,
    findings,
    tables: [
      latencyTable(kinds, run),
      outcomeTable(kinds),
      ...(typeof audit === 'string' ? [] : [auditTable(audit)]),
    ],
    plots: [latencyPlot(kinds, plan), throughputPlot(run), latencyOverTime(run)],
  };
}

function latencyTable(kinds: [string, Tally][], { seconds }: RunResult): Table {
  const length = seconds.reduce((sum, second) => sum + second.seconds, 0);
  return {
    title: 'Latency in ms',
    columns: [
      '',
      'answers',
      'per second',
      ...shownPercentiles.map((each) => `p${each}`),
      'longest',
    ],
    rows: kinds.map(([kind, { latency, answers }]) => [
      kind,
      figure(answers),
      figure(answers / Math.max(length, 1e-9)),
      ...shownPercentiles.map((each) => msAt(latency, each).toFixed(1)),
      msAt(latency, 100).toFixed(1),
    ]),
  };
}

function outcomeTable(kinds: [string, Tally][]): Table {
  const rows = kinds.flatMap(([kind, { statuses, failures }]) =>
    [...Object.entries(statuses), ...Object.entries(failures)].map(([outcome, count]) => [
      kind,
      outcome,
      figure(count),
    ]),
  );
  return { title: 'Outcomes', columns: ['', 'status or failure', 'requests'], rows };
}

function auditTable(audit: Audit): Table {
  const row = (name: string, count: number) => [name, figure(count)];
  return {
    title: 'Audit by request id',
    columns: ['', 'requests'],
    rows: [
      row('redirects answered', audit.answered),
      row('counted once', audit.countedOnce),
      row('lost: answered, not counted', audit.lost),
      row('doubled: counted more than once', audit.doubled),
      row('counted, no answer seen', audit.unansweredButCounted),
      row('counted, never sent', audit.invented),
      row('ms until the last was counted', audit.settledAfterMs),
    ],
  };
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
    name: `p${percentile}`,
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
