import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { until } from '@shortstack/testing';
import { beforeEach, expect, test } from 'vitest';
import { client, cookieOf, signUp, withApiKey } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';
import { openStack } from './start-create-jobs.ts';
import { html, startSite, testRules } from './web-server.ts';

const exporter = new InMemorySpanExporter();
const create = await startCreate({}, undefined, exporter);
const person = await signUp(create);
const key = await withApiKey(create, person);
await create.sql.query(`UPDATE accounts SET role = 'admin' WHERE email = $1`, [person.email]);
const login = { email: person.email, password: 'correct horse' };
const cookie = cookieOf(await client(create).post('/api/auth/login', login));
const admin = client(create, { cookie, origin: appOrigin });
await setRatio(1);
beforeEach(() => exporter.reset());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-00`;

async function setRatio(traceRatio: number): Promise<void> {
  expect((await admin.patch('/api/settings', { traceRatio })).statusCode).toBe(200);
  // Loaded by the first request for it.
  const isTraced = async () => {
    await fetch(`${create.url}/api/settings`);
    return exporter.getFinishedSpans().length > 0;
  };
  if (traceRatio > 0) await until(isTraced);
}

function createLink(url: string, headers: Record<string, string> = { traceparent }) {
  return fetch(`${create.url}/api/links`, {
    method: 'POST',
    headers: { ...key.headers, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ url }),
  });
}

/** Resolves with the first finished span of this name. */
function untilSpan(name: string): Promise<ReadableSpan> {
  return until(
    () => {
      const found = exporter.getFinishedSpans().find((span) => span.name === name);
      if (found === undefined) throw new Error(`no span ${name}`);
      return found;
    },
    { deadlineMs: 10_000 },
  );
}

const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;
const idOf = (span: ReadableSpan) => span.spanContext().spanId;

test('a request, its statement, the event that the relay publishes and the job that follows are one trace', async () => {
  const stack = await openStack(create.database);
  const site = await startSite(html('<title>The page</title>'));
  const hub = { REDIS_HUB_URL: create.redis.hub };
  await stack.start(testRules([site.port]), hub, exporter);

  expect((await createLink(`http://site.test:${site.port}/`)).status).toBe(201);

  const request = await untilSpan('POST /api/links');
  expect(parentOf(request)).toBe('b7ad6b7169203331');
  expect(request.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/api/links',
    'http.response.status_code': 201,
  });
  expect(parentOf(await untilSpan('insert-owned-links'))).toBe(idOf(request));
  const published = await untilSpan('publish link.created');
  expect(parentOf(published)).toBe(idOf(request));
  const handled = await untilSpan('process link.created');
  expect(parentOf(handled)).toBe(idOf(published));
  const job = await untilSpan('process read-metadata');
  expect(parentOf(job)).toBe(idOf(handled));
  expect(parentOf(await untilSpan('store-metadata'))).toBe(idOf(job));
  // The page's title is news in turn.
  expect(parentOf(await untilSpan('publish link.updated'))).toBe(idOf(job));
  await untilSpan('process link.updated');

  const spans = exporter.getFinishedSpans();
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
  expect(new Set(spans.map(({ resource }) => resource.attributes['service.name']))).toEqual(
    new Set(['create', 'create-jobs']),
  );
});

test('one switch turns it off and on in the running process; off, nothing is kept with an event', async () => {
  await setRatio(0);
  exporter.reset();
  // Not even for whoever says that it is recorded.
  await createLink('https://example.com/', { traceparent: traceparent.replace(/00$/, '01') });
  const { rows } = await create.sql.query(
    'SELECT traceparent FROM outbox ORDER BY id DESC LIMIT 1',
  );
  expect(rows).toEqual([{ traceparent: null }]);
  expect(exporter.getFinishedSpans()).toEqual([]);

  await setRatio(1);
  await createLink('https://example.com/');
  await untilSpan('POST /api/links');
});
