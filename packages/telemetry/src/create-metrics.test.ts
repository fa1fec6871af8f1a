import { channel } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import {
  createMetrics,
  observeRedisServer,
  type RedisServerFigures,
  subscribeToPatterns,
} from './index.ts';

function start() {
  const metrics = createMetrics({ service: 'create', instanceId: 'create-1' });
  onTestFinished(() => metrics.close());
  return metrics;
}

test('counters add up per label set and get the suffix that Prometheus expects', async () => {
  const metrics = start();
  const counter = metrics.counter('links_created', 'Links created');
  counter.add();
  counter.add(2, { by: 'key' });
  counter.add(3, { by: 'key' });
  const text = await metrics.render();
  expect(text).toContain(
    '# HELP links_created_total Links created\n# TYPE links_created_total counter',
  );
  expect(text).toContain('links_created_total{service="create"} 1\n');
  expect(text).toContain('links_created_total{by="key",service="create"} 5\n');
});

test('histograms count into the buckets they were given', async () => {
  const metrics = start();
  const histogram = metrics.histogram('wait_seconds', 'Waiting', [0.1, 1]);
  for (const value of [0.05, 0.5, 5]) histogram.record(value);
  const text = await metrics.render();
  expect(text).toContain('wait_seconds_bucket{service="create",le="0.1"} 1\n');
  expect(text).toContain('wait_seconds_bucket{service="create",le="1"} 2\n');
  expect(text).toContain('wait_seconds_bucket{service="create",le="+Inf"} 3\n');
  expect(text).toContain('wait_seconds_sum{service="create"} 5.55\n');
});

test('observed values are read at each scrape', async () => {
  const metrics = start();
  let hits = 7;
  metrics.observe('cache_hits', 'Hits', 'counter', () => [
    { value: hits, attributes: { level: 'l1' } },
  ]);
  metrics.observe('breaker_open', 'Open', 'gauge', () => [{ value: 1 }]);
  expect(await metrics.render()).toContain('cache_hits_total{level="l1",service="create"} 7\n');
  hits = 9;
  const text = await metrics.render();
  expect(text).toContain('cache_hits_total{level="l1",service="create"} 9\n');
  expect(text).toContain('# TYPE breaker_open gauge\nbreaker_open{service="create"} 1\n');
});

test('a metric that can’t be read spoils no other', async () => {
  const metrics = start();
  metrics.observe('bad', 'Bad', 'gauge', () => {
    throw new Error('broken');
  });
  metrics.counter('good', 'Good').add();
  expect(await metrics.render()).toContain('good_total{service="create"} 1');
});

test('the process’s own metrics are there', async () => {
  const text = await start().render();
  expect(text).toMatch(/process_resident_memory_bytes\{service="create"\} \d{7,}/);
  expect(text).toMatch(/process_cpu_seconds_total\{mode="user",service="create"\} [\d.]+/);
  expect(text).toMatch(
    /nodejs_event_loop_delay_seconds\{quantile="0.99",service="create"\} [\d.e-]+/,
  );
  expect(text).toContain('target_info{service="create",service_instance_id="create-1"} 1');
});

test('a label that takes endless values costs bounded memory', async () => {
  const metrics = start();
  const counter = metrics.counter('endless', 'Endless');
  for (let index = 0; index < 2000; index += 1) counter.add(1, { id: String(index) });
  const series = (await metrics.render()).match(/^endless_total/gm);
  expect(series?.length).toBeLessThanOrEqual(500);
});

test('a change that a pattern reports raises or lowers a gauge', async () => {
  const metrics = start();
  onTestFinished(subscribeToPatterns(metrics));
  const redis = channel('shortstack:redis');
  for (const change of [1, 1, -1, 1]) {
    redis.publish({ name: 'redis.open_connections', change, attributes: { connection: 'hub' } });
  }
  expect(await metrics.render()).toContain(
    '# TYPE shortstack_redis_open_connections gauge\nshortstack_redis_open_connections{connection="hub",service="create"} 2\n',
  );
});

test('the figures of a Redis server are metrics, and those it does not tell are left out', async () => {
  const metrics = start();
  let figures: RedisServerFigures | undefined;
  observeRedisServer(metrics, 'jobs', () => figures);
  expect(await metrics.render()).not.toContain('redis_server_evicted_keys_total{');
  figures = { usedMemoryBytes: 1_000, evictedKeys: 3 };
  const text = await metrics.render();
  expect(text).toContain('redis_server_memory_used_bytes{role="jobs",service="create"} 1000\n');
  expect(text).toContain('redis_server_evicted_keys_total{role="jobs",service="create"} 3\n');
  expect(text).not.toContain('redis_server_acl_denials{');
});

test('what the Redis patterns report becomes counters until it is unsubscribed', async () => {
  const metrics = start();
  const unsubscribe = subscribeToPatterns(metrics);
  const cache = channel('shortstack:cache');
  cache.publish({ name: 'cache.l2_errors', value: 2, attributes: { op: 'get' } });
  channel('shortstack:rate-limit').publish({ name: 'rate-limit.fallback', value: 1 });
  cache.publish({ other: true });
  cache.publish(undefined);
  unsubscribe();
  cache.publish({ name: 'cache.l2_errors', value: 5, attributes: { op: 'get' } });
  const text = await metrics.render();
  expect(text).toContain('shortstack_cache_l2_errors_total{op="get",service="create"} 2\n');
  expect(text).toContain('shortstack_rate_limit_fallback_total{service="create"} 1\n');
});
