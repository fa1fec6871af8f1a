import type { Tally } from '../generate/tally.ts';
import { msAt, percentilePoints } from '../report/percentiles.ts';
import type { LoadOutcome } from './load-report.ts';

/** The outcome of a run as JSON, for machines: latencies in ms. */
export function loadJson({ plan, scenario, startedAt, run, audit, findings }: LoadOutcome): string {
  const { links, api, ...rest } = plan;
  return `${JSON.stringify(
    {
      runId: plan.runId,
      startedAt,
      scenario,
      // Neither the key nor a list of a million slugs.
      plan: {
        ...rest,
        api: api?.origin,
        links: 'slugs' in links ? links.slugs.length : links.seeded,
      },
      findings,
      audit,
      kinds: mapValues(run.total, (tally) => ({
        ...countsOf(tally),
        waitedForConnection: tally.waited,
        latency: percentilePoints(tally.latency),
        generatorLatenessP99: msAt(tally.lateness, 99),
      })),
      edits: run.threads.flatMap((thread) => thread.edits ?? []),
      seconds: run.seconds,
    },
    null,
    2,
  )}\n`;
}

function countsOf({ answers, unexpected, statuses, failures }: Tally) {
  return { answers, unexpected, statuses, failures };
}

function mapValues<V, R>(values: Record<string, V>, map: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
