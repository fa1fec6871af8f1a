import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { signIn, signUp } from '../src/people.ts';
import { type CollectedSpan, startCollector } from '../src/start-collector.ts';
import { startStack } from '../src/start-stack.ts';

const collector = await startCollector();
afterAll(() => collector.stop());
const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin };
const stack = await startStack({
  instances: { worker: 0, 'worker-jobs': 0 },
  env: { create: env, 'create-jobs': env, redirect: env, 'redirect-jobs': env },
});
const http = createHttpClient();
const boss = await signUp(http, stack);
await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [boss.id]);
const admin = await signIn(http, stack, boss);

async function change(settings: object) {
  expect((await admin.call('PATCH', '/api/settings', settings)).status).toBe(200);
}
const createLink = (headers = {}) =>
  admin.call('POST', '/api/links', { url: 'http://x.test/' }, headers);

/** Spans come within a second or two of their end. */
function untilSpan(isIt: (span: CollectedSpan) => boolean | undefined): Promise<CollectedSpan> {
  return until(
    () => {
      const found = collector.spans.find(isIt);
      if (found === undefined) throw new Error('no such span');
      return found;
    },
    { deadlineMs: 15_000 },
  );
}
const links = ({ spanId }: CollectedSpan, span: CollectedSpan) =>
  span.links?.some((link) => link.spanId === spanId);

test('what four processes do for a link and for a click comes to the collector, joined', {
  timeout: 60_000,
}, async () => {
  await change({ traceRatio: 1, redirectTraceRatio: 1 });
  const { slug } = (await createLink()).json();
  await until(async () => {
    await createLink();
    await follow(http, stack.shortOrigin, slug);
    const services = new Set(collector.spans.map(({ service }) => service));
    return services.has('create') && services.has('redirect');
  });

  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-00`;
  await createLink({ traceparent });
  let last = 'b7ad6b7169203331';
  for (const [service, name] of [
    ['create', 'POST /api/links'],
    ['create-jobs', 'publish link.created'],
    ['create-jobs', 'process link.created'],
    ['create-jobs', 'process read-metadata'],
  ]) {
    const span = await untilSpan((s) => s.traceId === traceId && s.name === name);
    expect(span).toMatchObject({ service, parentSpanId: last });
    last = span.spanId;
  }

  const clickTrace = traceId.replaceAll('0', 'f');
  await follow(http, stack.shortOrigin, slug, {
    traceparent: traceparent.replace(traceId, clickTrace),
  });
  const request = await untilSpan((s) => s.traceId === clickTrace && s.name === 'GET /:slug');
  const batch = await untilSpan((s) => s.name === 'write click batch' && links(request, s));
  const count = await untilSpan((s) => s.name === 'count clicks' && links(batch, s));
  expect([request.service, batch.service, count.service]).toEqual([
    'redirect',
    'redirect',
    'redirect-jobs',
  ]);
});

test('without the collector every request is answered as ever, and a process still ends in time', async () => {
  await collector.stop();
  const { slug } = (await createLink()).json();
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => follow(http, stack.shortOrigin, slug)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302]));
  for (const process of [stack.services.redirect[0], stack.services.create[0]]) {
    expect(await process?.stop()).toMatchObject({ code: 0 });
  }
});
