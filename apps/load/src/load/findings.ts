import { addTally, createTally, type Tally } from '../generate/tally.ts';
import { msAt, shownPercentiles } from '../report/percentiles.ts';
import { type Audit, isExact, type NoAudit } from './audit.ts';
import type { LoadPlan } from './load-plan.ts';
import { failuresOf } from './load-plots.ts';
import { sendingSeconds, wholeSeconds } from './run-second.ts';
import type { RunResult } from './run-threads.ts';

export interface Finding {
  text: string;
  bad: boolean;
}

/** In a closed loop a thread that is busier than this asks no faster. */
const busyShare = 0.9;
/** In an open loop sending late is what counts: less than this is the tick of timers. */
const lateMs = 5;
/** The part of a latency from which on lateness spoils it. */
const spoiltShare = 0.25;
/** Of the requests, those that may wait for a connection before it is worth telling. */
const waitingShare = 0.001;
/** What the service promises for a changed link. */
const promisedMs = 5_000;

/** What a reader must know before the figures: above all whether they are the service's or the generator's. */
export function findingsOf(plan: LoadPlan, run: RunResult, audit: Audit | NoAudit): Finding[] {
  return [
    ...generatorFindings(plan, run),
    ...refusalFindings(run),
    auditFinding(audit),
    ...editFindings(run),
  ];
}

function generatorFindings(plan: LoadPlan, run: RunResult): Finding[] {
  const whole = wholeSeconds(sendingSeconds(run.seconds, plan.seconds));
  const busy = whole.reduce((sum, { busiest }) => sum + busiest, 0) / Math.max(1, whole.length);
  const all = createTally();
  for (const tally of Object.values(run.total)) addTally(all, tally);
  const limits =
    plan.stages === undefined ? closedLoopLimits(busy) : openLoopLimits(all, plan.connections);
  if (limits.length > 0) return limits.map((text) => ({ text, bad: true }));
  return [
    {
      text: `The generator was not the limit: its busiest thread worked ${percent(busy)} of the time.`,
      bad: false,
    },
  ];
}

function closedLoopLimits(busy: number): string[] {
  if (busy < busyShare) return [];
  return [
    `The generator was the limit: its busiest thread worked ${percent(busy)} of the time, so the service may be faster than this. Use more --threads, or more machines.`,
  ];
}

function openLoopLimits(all: Tally, connections: number): string[] {
  const late = (percentile: number) => msAt(all.lateness, percentile);
  const spoilt = shownPercentiles.find(
    (each) => late(each) > Math.max(lateMs, spoiltShare * msAt(all.latency, each)),
  );
  const { 'not sent': notSent = 0 } = all.failures;
  const isWaiting = all.waited + notSent > waitingShare * (all.lateness.count + notSent);
  return [
    ...(spoilt === undefined
      ? []
      : [
          `The generator was late: from p${spoilt} on (${late(spoilt).toFixed(0)} ms late although connections were free) latencies are partly its own. It had too little CPU: use more --threads, or a machine of its own.`,
        ]),
    ...(isWaiting
      ? [
          `${figure(all.waited)} requests waited because all ${figure(connections)} connections were busy (the wait counts), and ${figure(notSent)} were given up: the service was slower than the rate asked for, or --connections are too few.`,
        ]
      : []),
  ];
}

function refusalFindings({ total }: RunResult): Finding[] {
  return Object.entries(total).flatMap(([kind, tally]) => {
    const failed = failuresOf(tally);
    if (failed === 0) return [];
    const all = tally.answers + failed - tally.unexpected;
    return [
      {
        text: `${kind}: ${figure(failed)} of ${figure(all)} requests were not answered as expected; the outcomes tell how.`,
        bad: true,
      },
    ];
  });
}

function auditFinding(audit: Audit | NoAudit): Finding {
  if ('notDone' in audit) {
    return { text: `The audit was not done: ${audit.notDone}`, bad: audit.isFault };
  }
  const { answered, countedOnce, lost, doubled, refusedButCounted, invented } = audit;
  if (isExact(audit)) {
    return {
      text: `Audit: each of the ${figure(answered)} answered redirects was counted exactly once.`,
      bad: false,
    };
  }
  return {
    text: `Audit: of ${figure(answered)} answered redirects ${figure(countedOnce)} were counted once; ${figure(lost)} lost, ${figure(doubled)} counted more than once, ${figure(refusedButCounted)} counted though refused, ${figure(invented)} counted and never sent.`,
    bad: true,
  };
}

function editFindings({ threads }: RunResult): Finding[] {
  const edits = threads.flatMap((thread) => thread.edits ?? []);
  if (edits.length === 0) return [];
  const reads = edits.reduce((sum, each) => sum + each.reads, 0);
  const outdated = edits.reduce((sum, each) => sum + each.outdated, 0);
  const longest = Math.max(...edits.map((each) => each.longestMs));
  const text = `Edits: ${figure(outdated)} of ${figure(reads)} redirects of edited links showed a target that had been replaced before, the oldest ${longest.toFixed(0)} ms before (5 s are promised).`;
  return [{ text, bad: longest > promisedMs }];
}

/** A whole number as people read it. */
export function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
