import { readFileSync } from 'node:fs';
import { createMetrics } from '@shortstack/telemetry';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type Manifest, workloadsOf } from './manifest.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Autoscaler {
  spec: {
    scaleTargetRef: { kind: string; name: string };
    minReplicas: number;
    maxReplicas: number;
    metrics: { containerResource?: { container: string }; pods?: { metric: { name: string } } }[];
  };
}
interface AdapterValues {
  rules: { custom: { seriesQuery: string; name: { as: string }; metricsQuery: string }[] };
}

const { spec } = parse(read('base/redirect/autoscaler.yaml')) as Autoscaler;
const objects = parseAllDocuments(read('base/redirect/pods.yaml'));
const [redirect] = workloadsOf(objects.map((document) => document.toJS() as Manifest));

test('the autoscaler is about a container of redirect', () => {
  expect(spec.scaleTargetRef).toMatchObject({ kind: redirect?.kind, name: redirect?.name });
  const [resource] = spec.metrics.flatMap(({ containerResource }) => containerResource ?? []);
  expect(redirect?.containers.map(({ name }) => name)).toContain(resource?.container);
});

test('the adapter makes its metric of one that the processes export', async () => {
  const [pods] = spec.metrics.flatMap(({ pods }) => pods ?? []);
  const [rule] = (parse(read('monitoring/prometheus-adapter.yml')) as AdapterValues).rules.custom;
  expect(rule?.name.as).toBe(pods?.metric.name);

  const metrics = createMetrics({ service: 'redirect', instanceId: 'redirect-0' });
  onTestFinished(() => metrics.close());
  const [series = ''] = rule?.seriesQuery.split('{') ?? [];
  const [quantile = ''] = /quantile="[\d.]+"/.exec(rule?.metricsQuery ?? '') ?? [];
  const exported = (await metrics.render()).split('\n').filter((line) => line.includes(quantile));
  expect(exported.some((line) => line.startsWith(`${series}{`))).toBe(true);
});

test('PostgreSQL has connections for as many pods as there may be', () => {
  const postgres = read('servers/postgres.yaml');
  const maxConnections = Number(/max_connections=(\d+)/.exec(postgres)?.[1]);
  // DATABASE_POOL_SIZE for each process of PostgreSQL's: two of create, create-jobs and worker-jobs, two in each pod of redirect; three
  // that listen or wait (create-jobs, worker-jobs), and PostgreSQL keeps three for itself.
  const others = 4 * 10 + 3 + 3;
  expect(others + spec.maxReplicas * 2 * 10).toBeLessThanOrEqual(maxConnections);
});
