import { addTally, createTally } from '../generate/tally.ts';
import { msAt } from '../report/percentiles.ts';
import type { Audit } from './audit.ts';
import type { LoadPlan } from './load-plan.ts';
import type { RunResult } from './run-threads.ts';

export interface Finding {
  text: string;
  bad: boolean;
}

const busyShare = 0.9;
const lateMs = 10;
/** What the service promises for a changed link. */
const promisedMs = 5_000;

/** What a reader must know before the figures: above all whether they are the service's or the generator's. */
export function findingsOf(plan: LoadPlan, run: RunResult, audit: Audit | string): Finding[] {
  return [...generatorFindings(plan, run), auditFinding(audit), ...editFindings(run)];
}

function generatorFindings(plan: LoadPlan, run: RunResult): Finding[] {
  const findings: Finding[] = [];
  const whole = run.seconds.filter(({ seconds }) => seconds > 0.5);
  const busy = whole.reduce((sum, { busiest }) => sum + busiest, 0) / Math.max(1, whole.length);
  const all = createTally();
  for (const tally of Object.values(run.total)) addTally(all, tally);
  const late = msAt(all.lateness, 99);
  if (busy >= busyShare) {
    findings.push({
      text: `The generator was the limit: its busiest thread worked ${percent(busy)} of the time, so the service may be faster than this. Use more --threads, or more machines.`,
      bad: true,
    });
  }
  if (plan.stages !== undefined && late > lateMs) {
    findings.push({
      text: `The generator sent 1 % of its requests more than ${late.toFixed(0)} ms late although connections were free: it had too little CPU, and part of the latency is its own.`,
      bad: true,
    });
  }
  const { 'not sent': notSent = 0 } = all.failures;
  if (notSent > 0) {
    findings.push({
      text: `${figure(notSent)} requests found no free connection before their timeout: the service was slower than the rate asked for, or --connections are too few.`,
      bad: true,
    });
  }
  if (findings.length === 0) {
    findings.push({
      text: `The generator was not the limit: its busiest thread worked ${percent(busy)} of the time.`,
      bad: false,
    });
  }
  return findings;
}

function auditFinding(audit: Audit | string): Finding {
  if (typeof audit === 'string') return { text: `The audit was not done: ${audit}`, bad: false };
  const { answered, countedOnce, lost, doubled, invented } = audit;
  if (lost + doubled + invented === 0) {
    return {
      text: `Audit: each of the ${figure(answered)} answered redirects was counted exactly once.`,
      bad: false,
    };
  }
  return {
    text: `Audit: of ${figure(answered)} answered redirects ${figure(countedOnce)} were counted once; ${figure(lost)} lost, ${figure(doubled)} counted more than once, ${figure(invented)} counted and never sent.`,
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
