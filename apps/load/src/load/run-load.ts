import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { renderReport } from '../report/render-report.ts';
import { textTable } from '../report/text-table.ts';
import { apiClient } from './api-client.ts';
import { type Audit, auditClicks, databaseTime, isExact, type NoAudit } from './audit.ts';
import { describePlan } from './describe-plan.ts';
import { figure, findingsOf } from './findings.ts';
import { loadJson } from './load-json.ts';
import type { LinkSet, LoadPlan } from './load-plan.ts';
import { failuresOf } from './load-plots.ts';
import { type LoadOutcome, loadReport } from './load-report.ts';
import { makeLinks } from './make-links.ts';
import type { LoadOptions } from './options.ts';
import { progressLine } from './progress-line.ts';
import { resolveTarget, type Target } from './resolve-target.ts';
import type { RunSecond } from './run-second.ts';
import { runThreads } from './run-threads.ts';
import { UsageError } from './usage-error.ts';

/**
 * A whole load test: links, load, audit, report. `signal` ends the load early; the audit and the report still follow.
 * Resolves with the exit code.
 */
export async function runLoad(
  options: LoadOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  const target = await resolveTarget(options, env);
  const runId = `load-${randomBytes(5).toString('hex')}`;
  const startedAt = target.databaseUrl ? await timeOf(target.databaseUrl) : new Date();
  const progress = progressLine();
  const showMade = (made: number) => progress.show(`${figure(made)} links made`);
  const links = await findLinks(options, target, runId, showMade, signal);
  progress.end();
  if (signal.aborted) return 130;
  const plan = planOf(options, target, runId, links);
  console.error(`Run ${runId} on ${plan.target}: ${describePlan(plan)}`);

  const run = await runThreads(plan, signal, (second, number) =>
    progress.show(describeSecond(second, number)),
  );
  progress.end();
  const audit = await auditRun(target, { runId, startedAt, threads: run.threads }, options);
  const findings = findingsOf(plan, run, audit);
  const outcome = { plan, scenario: options.scenario, startedAt, run, audit, findings };
  await writeReports(outcome, options);
  return exitCodeOf(outcome);
}

async function timeOf(databaseUrl: string): Promise<Date> {
  try {
    return await databaseTime(databaseUrl);
  } catch (error) {
    throw new UsageError(`The audit can't read clicks: ${(error as Error).message}`);
  }
}

async function findLinks(
  options: LoadOptions,
  { api }: Target,
  runId: string,
  onProgress: (made: number) => void,
  signal: AbortSignal,
): Promise<LinkSet> {
  if ((options.creationShare > 0 || options.editsPerSecond > 0) && api === undefined) {
    throw new UsageError('Creations and edits need --api and --api-key.');
  }
  if (options.slugs !== undefined) return { slugs: options.slugs };
  if (options.seeded !== undefined) return { seeded: options.seeded };
  if (api === undefined) throw new UsageError('Say --slugs, --seeded, or --api with --api-key.');
  return {
    slugs: await makeLinks(
      apiClient(api.origin, api.key),
      runId,
      options.links,
      onProgress,
      signal,
    ),
  };
}

function planOf(options: LoadOptions, target: Target, runId: string, links: LinkSet): LoadPlan {
  const { unknownShare, creationShare, editsPerSecond, stages, seconds, connections } = options;
  const { keepAlive, timeoutMs, userAgent, seed } = options;
  return {
    runId,
    target: target.origin,
    api: target.api,
    links,
    distribution: options.keys,
    unknownShare,
    creationShare,
    editsPerSecond,
    stages,
    seconds,
    connections,
    threads: Math.min(options.threads, connections),
    keepAlive,
    timeoutMs,
    userAgent,
    seed,
  };
}

function describeSecond({ kinds, seconds, busiest }: RunSecond, number: number): string {
  const parts = Object.entries(kinds).map(([kind, second]) => {
    const failed = failuresOf(second);
    const latency = `p50 ${second.p50.toFixed(1)} p99 ${second.p99.toFixed(1)} ms`;
    return `${kind} ${figure(second.answers / seconds)}/s ${latency}${failed > 0 ? ` ${figure(failed)} FAILED` : ''}`;
  });
  return `${number} s  ${parts.join(' · ')}  (generator ${Math.round(busiest * 100)} % busy)`;
}

async function auditRun(
  { databaseUrl }: Target,
  run: Pick<Parameters<typeof auditClicks>[0], 'runId' | 'startedAt' | 'threads'>,
  { auditSeconds }: LoadOptions,
): Promise<Audit | NoAudit> {
  if (databaseUrl === undefined) return { notDone: 'it needs --database-url.', isFault: false };
  console.error('Waiting for the clicks to be counted …');
  try {
    return await auditClicks({ ...run, databaseUrl, settleMs: auditSeconds * 1_000 });
  } catch (error) {
    // The figures of the run are worth telling all the same.
    return { notDone: (error as Error).message, isFault: true };
  }
}

async function writeReports(outcome: LoadOutcome, { json, html }: LoadOptions): Promise<void> {
  const report = loadReport(outcome);
  console.log(`\n${report.title}\n${report.subtitle ?? ''}\n`);
  for (const table of report.tables) console.log(`${textTable(table)}\n`);
  for (const { text } of outcome.findings) console.log(text);
  if (json !== undefined) await writeFile(json, loadJson(outcome));
  if (html !== undefined) await writeFile(html, renderReport(report));
}

function exitCodeOf({ run, audit }: LoadOutcome): number {
  const isFlawless = 'notDone' in audit ? !audit.isFault : isExact(audit);
  const hasAnswers = Object.values(run.total).some(({ answers }) => answers > 0);
  return isFlawless && hasAnswers ? 0 : 1;
}
