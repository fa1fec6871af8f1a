import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { redisChannels, redisKeys } from '@shortstack/contracts';
import { connectRedis, type RedisConnection } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const exporter = new InMemorySpanExporter();
const stack = await startStack();
const redirect = await stack.startHttp({ TRUSTED_PROXIES: '127.0.0.1' }, exporter);
const { slug } = await insertLink(stack.sql);
const [jobs, hub] = (['jobs', 'hub'] as const).map((name) =>
  connectRedis({ name, url: stack.redis[name].url }),
) as [RedisConnection, RedisConnection];
afterAll(() => Promise.all([jobs.close(), hub.close()]));
await Promise.all([jobs.ready(), hub.ready()]);
beforeEach(() => exporter.reset());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-00`;
const sampled = traceparent.replace(/00$/, '01');
const proxied = { 'x-forwarded-for': '192.0.2.1' };
const follow = (headers: Record<string, string> = {}) => redirect.get(`/${slug}`, headers);

/** As an administrator's change arrives. Resolves when it holds: only at 0 nobody is traced who is traced in front of us. */
async function setRatio(redirectTraceRatio: number): Promise<void> {
  await stack.sql.query(
    `INSERT INTO runtime_settings (settings, updated_by) VALUES ($1, '')
     ON CONFLICT ("only") DO UPDATE SET settings = excluded.settings`,
    [{ redirectTraceRatio }],
  );
  await hub.client.publish(redisChannels.settingsChanged, '{}');
  const isTraced = async () => {
    exporter.reset();
    await redirect.get('/robots.txt', { traceparent: sampled, ...proxied });
    // The span ends with the connection's turn, just after the answer.
    await redirect.get('/robots.txt');
    return exporter.getFinishedSpans().length > 0;
  };
  await until(async () => (await isTraced()) === redirectTraceRatio > 0);
  exporter.reset();
}

function untilSpans(name: string, count = 1): Promise<ReadableSpan[]> {
  return until(
    () => {
      const found = exporter.getFinishedSpans().filter((span) => span.name === name);
      if (found.length < count) throw new Error(`${found.length} spans ${name}`);
      return found;
    },
    { deadlineMs: 10_000 },
  );
}

const idsOf = (spans: ReadableSpan[]) => spans.map((span) => span.spanContext().spanId).sort();
const linksOf = (spans: ReadableSpan[]) =>
  spans.flatMap(({ links }) => links.map(({ context }) => context.spanId)).sort();

test('at first nothing is traced, and a click is stored as ever', async () => {
  await follow({ traceparent: sampled, ...proxied });
  expect(exporter.getFinishedSpans()).toEqual([]);
  const entries = await jobs.client.xrange(redisKeys.clicks, '-', '+');
  expect(entries.map(([, fields]) => fields.filter((_, i) => i % 2 === 0))).toEqual([
    ['b', 's', 'p'],
  ]);
});

test('redirects, the writing of their clicks and the counting are traces with links between them', async () => {
  await setRatio(1);
  await Promise.all(Array.from({ length: 20 }, () => follow({ traceparent })));
  const requests = await untilSpans('GET /:slug', 20);
  expect(new Set(requests.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
  await until(async () => linksOf(await untilSpans('write click batch')).length === 20);
  const batches = await untilSpans('write click batch');
  expect(linksOf(batches)).toEqual(idsOf(requests));
  const writes = await untilSpans('XADD', batches.length);
  expect(new Set(writes.map((span) => span.parentSpanContext?.spanId))).toEqual(
    new Set(idsOf(batches)),
  );

  const counter = await stack.startJobs({}, exporter);
  await until(async () => linksOf(await untilSpans('count clicks')).length === batches.length);
  const counting = await untilSpans('count clicks');
  expect(linksOf(counting)).toEqual(idsOf(batches));
  for (const span of [...batches, ...counting]) {
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.spanContext().traceId).not.toBe(traceId);
  }
  const [commit] = await untilSpans('COMMIT');
  expect(idsOf(counting)).toContain(commit?.parentSpanContext?.spanId);
  await counter.close();
});

test('of a few, those are traced that a trusted proxy traces', async () => {
  await setRatio(0);
  await setRatio(1e-9);
  await follow({ traceparent: sampled });
  await follow({ traceparent, ...proxied });
  await follow({ traceparent: sampled, ...proxied });
  expect(linksOf(await untilSpans('write click batch'))).toHaveLength(1);
  expect(await untilSpans('GET /:slug')).toHaveLength(1);
});

test('a click that goes to the disk keeps its trace', async () => {
  await setRatio(1);
  await stack.redis.jobs.stop();
  await follow({ traceparent });
  const batches = await untilSpans('write click batch');
  const counter = await stack.startJobs({}, exporter);
  expect(linksOf(await untilSpans('count clicks'))).toEqual(idsOf(batches));
  await counter.close();
});
