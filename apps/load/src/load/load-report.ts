import type { Tally } from '../generate/tally.ts';
import { msAt, shownPercentiles } from '../report/percentiles.ts';
import type { Report, Table } from '../report/render-report.ts';
import type { Audit, NoAudit } from './audit.ts';
import { describePlan } from './describe-plan.ts';
import { type Finding, figure } from './findings.ts';
import type { LoadPlan } from './load-plan.ts';
import { loadPlots } from './load-plots.ts';
import { sendingSeconds } from './run-second.ts';
import type { RunResult } from './run-threads.ts';

export interface LoadOutcome {
  plan: LoadPlan;
  scenario: string | undefined;
  startedAt: Date;
  run: RunResult;
  audit: Audit | NoAudit;
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
      latencyTable(kinds, run, plan),
      outcomeTable(kinds),
      ...('notDone' in audit ? [] : [auditTable(audit)]),
    ],
    plots: loadPlots(plan, run),
  };
}

function latencyTable(kinds: [string, Tally][], run: RunResult, plan: LoadPlan): Table {
  const sending = sendingSeconds(run.seconds, plan.seconds);
  const length = sending.reduce((sum, { seconds }) => sum + seconds, 0);
  const rateOf = (kind: string) =>
    sending.reduce((sum, { kinds }) => sum + (kinds[kind]?.answers ?? 0), 0) /
    Math.max(length, 1e-9);
  return {
    title: 'Latency in ms, of answers as expected and of requests that waited until their timeout',
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
      figure(rateOf(kind)),
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
      row('counted, though answered with no redirect', audit.refusedButCounted),
      row('counted, never sent', audit.invented),
      row('no complete answer seen, fate unknown', audit.unanswered),
      row('of these counted', audit.unansweredButCounted),
      row('ms until the last was counted', audit.settledAfterMs),
    ],
  };
}
