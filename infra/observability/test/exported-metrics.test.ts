import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { startStack } from '../../e2e/src/start-stack.ts';
import { jobsRedis } from '../../services/src/services.ts';
import { dashboards } from '../src/dashboards.ts';
import { selectedMetrics } from '../src/promql.ts';
import { readRules } from '../src/rules.ts';

const stack = await startStack();
const rules = readRules();
const recorded = new Set(rules.flatMap(({ record = [] }) => record));

/** What Prometheus adds to every series, and what it makes itself. */
const scrapeLabels = ['job', 'instance'];
const ownMetrics = new Set(['up']);

const queries: [string, string][] = [
  ...rules.map(({ alert, record = '', expr }): [string, string] => [alert ?? record, expr]),
  ...dashboards.flatMap(({ title, rows }) =>
    Object.values(rows)
      .flat()
      .flatMap((panel) =>
        Object.values(panel.queries).map((expr): [string, string] => [
          `${title}: ${panel.title}`,
          expr,
        ]),
      ),
  ),
];

/** Each metric that the processes export, with the labels of its series. */
async function exported(): Promise<Map<string, Set<string>>> {
  const metrics = new Map<string, Set<string>>();
  for (const { internalUrl } of Object.values(stack.services).flat()) {
    const text = await (await fetch(`${internalUrl}/metrics`)).text();
    for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const known = metrics.get(name) ?? new Set(scrapeLabels);
      metrics.set(name, known);
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) {
        // The name is taken by the scrape's own.
        known.add(label === 'job' ? 'exported_job' : label);
      }
    }
  }
  return metrics;
}

/** What queries ask for that nobody exports. */
async function missing(): Promise<string[]> {
  const metrics = await exported();
  return queries.flatMap(([where, expr]) =>
    selectedMetrics(expr).flatMap(({ metric, labels }) => {
      if (recorded.has(metric) || ownMetrics.has(metric)) return [];
      const known = metrics.get(metric);
      if (known === undefined) return [`${where}: ${metric}`];
      return labels
        .filter((label) => !known.has(label))
        .map((label) => `${where}: ${metric}{${label}}`);
    }),
  );
}

test('every metric and label that a rule or a dashboard asks for is exported by the services', async () => {
  // Requests are measured once there was one.
  await fetch(`${stack.appOrigin}/api/auth/me`);
  expect(queries.length).toBeGreaterThan(80);
  // Figures of servers, and scheduled work, come within seconds of the start.
  await until(async () => (await missing()).length === 0, { deadlineMs: 15_000 }).catch(() => {});
  expect(await missing()).toEqual([]);
});

test('a query’s metrics and labels are found, and nothing else is taken for one', () => {
  const expression = `
    # a comment
    max by (role, le) (rate(a_total{b="x,y{z}", c=~"d|e"}[5m])) / on (job) group_left (f) g:h:i > 3 * 3600
      and histogram_quantile(0.99, label_replace(j, "k", "$1", "l", "(.*)")) unless vector(1)`;
  expect(selectedMetrics(expression)).toEqual([
    { metric: 'a_total', labels: ['b', 'c'] },
    { metric: 'g:h:i', labels: [] },
    { metric: 'j', labels: [] },
  ]);
});

test('each Redis server is told of, and those that all share by several processes', async () => {
  const roles = async () => {
    const told: string[] = [];
    for (const [service, processes] of Object.entries(stack.services)) {
      for (const { internalUrl } of processes) {
        const text = await (await fetch(`${internalUrl}/metrics`)).text();
        for (const [, role] of text.matchAll(/redis_server_memory_used_bytes\{role="([\w-]+)"/g)) {
          told.push(`${role} by ${service}`);
        }
      }
    }
    return told.toSorted();
  };
  const expected = [
    'cache by create',
    'cache by redirect-jobs',
    'hub by create-jobs',
    'hub by redirect-jobs',
    'hub by worker-jobs',
    'jobs-create by create-jobs',
    'jobs-redirect by redirect',
    'jobs-redirect by redirect-jobs',
    'jobs-worker by worker-jobs',
    'session by create',
    'session by worker',
    ...jobsServersOfOthers(),
  ].toSorted();
  await until(async () => (await roles()).length === expected.length, {
    deadlineMs: 15_000,
  }).catch(() => {});
  expect(await roles()).toEqual(expected);
});

/** Each local Redis by the jobs process of its service. */
function jobsServersOfOthers(): string[] {
  const named = ['create', 'redirect', 'worker'];
  return Object.keys(jobsRedis)
    .map((server) => server.replace('jobs-', ''))
    .filter((name) => !named.includes(name))
    .map((name) => `jobs-${name} by ${name}-jobs`);
}
