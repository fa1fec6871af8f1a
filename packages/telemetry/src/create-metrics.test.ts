import { channel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import {
  createMetrics,
  observePools,
  observeQueues,
  observeRedisServers,
  type QueueFigures,
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

test('some metrics are read by their Prometheus names, without a scrape', () => {
  const metrics = start();
  const histogram = metrics.histogram('wait_seconds', 'Waiting', [1]);
  for (const value of [0.5, 5]) histogram.record(value, { route: '/' });
  metrics.observe('cache_hits', 'Hits', 'counter', () => [
    { value: 7, attributes: { level: 'l1' } },
  ]);
  metrics.observe('bad', 'Bad', 'gauge', () => {
    throw new Error('no');
  });
  expect(metrics.read(['cache_hits_total', 'bad', 'unknown', 'wait_seconds_count'])).toEqual([
    { name: 'cache_hits_total', value: 7, labels: { level: 'l1' } },
    { name: 'wait_seconds_count', value: 2, labels: {} },
  ]);
});

test('what several observe under one name is read of all of them', () => {
  const metrics = start();
  for (const pool of ['main', 'maintenance']) {
    metrics.observe('pool_connections', 'Open', 'gauge', () => [
      { value: 1, attributes: { pool } },
    ]);
  }
  expect(metrics.read(['pool_connections']).map(({ labels }) => labels.pool)).toEqual([
    'main',
    'maintenance',
  ]);
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

test('the figures of Redis servers are metrics, and those that are not told are left out', async () => {
  const metrics = start();
  const stop = observeRedisServers(metrics, {
    hub: async () => ({ usedMemoryBytes: 1_000, evictedKeys: 3 }),
    cache: async () => ({ usedMemoryBytes: 7 }),
    session: () => Promise.reject(new Error('away')),
  });
  onTestFinished(stop);
  // By then they are read.
  await setImmediate();
  const text = await metrics.render();
  expect(text).toContain('redis_server_memory_used_bytes{role="hub",service="create"} 1000\n');
  expect(text).toContain('redis_server_memory_used_bytes{role="cache",service="create"} 7\n');
  expect(text).toContain('redis_server_evicted_keys_total{role="hub",service="create"} 3\n');
  expect(text).not.toMatch(/role="session"|redis_server_acl_denials_total\{/);
});

test('of a pool its connections and the queries that wait are told', async () => {
  const metrics = start();
  observePools(metrics, {
    main: { totalCount: 5, idleCount: 2, waitingCount: 4, options: { max: 10 } },
  });
  const text = await metrics.render();
  for (const [name, value] of Object.entries({ max: 10, open: 5, busy: 3 })) {
    expect(text).toContain(
      `shortstack_pool_${name}_connections{pool="main",service="create"} ${value}\n`,
    );
  }
  expect(text).toContain('shortstack_pool_waiting_queries{pool="main",service="create"} 4\n');
});

test('of a queue its jobs by state and the age of the oldest are told, once they are known', async () => {
  const metrics = start();
  let latest: QueueFigures | undefined;
  observeQueues(metrics, { work: () => latest });
  expect(await metrics.render()).not.toContain('queue="work"');
  latest = {
    ...{ waiting: 2, active: 0, delayed: 0, completed: 0, failed: 0, dead: 1 },
    oldestWaitingSeconds: 7.5,
  };
  const text = await metrics.render();
  for (const [state, jobs] of Object.entries({ waiting: 2, active: 0, dead: 1 })) {
    expect(text).toContain(
      `shortstack_queue_jobs{queue="work",state="${state}",service="create"} ${jobs}\n`,
    );
  }
  expect(text).toContain('oldest_waiting_seconds{queue="work",service="create"} 7.5\n');
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
