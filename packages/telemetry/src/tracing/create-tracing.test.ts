import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../create-logger.ts';
import { createTracing, currentTraceparent } from '../index.ts';

const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const unsampled = sampled.replace(/01$/, '00');
const request = { name: 'GET /', kind: 'server' } as const;

function open({ endpoint, exporter }: { endpoint?: string; exporter?: InMemorySpanExporter }) {
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const about = { service: 'test', instanceId: 'test-1' };
  const logger = createLogger({ ...about, destination });
  const tracing = createTracing({ ...about, logger, endpoint, exporter });
  onTestFinished(() => tracing.close());
  return { tracing, logger, log };
}

async function startCollector(listener: RequestListener, port = 0) {
  const server = createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  onTestFinished(stop);
  const { port: at } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${at}`, port: at, stop };
}

test('the SDK is loaded by a process that traces, and by no other', async () => {
  const program = `
    import { createRequire } from 'node:module';
    import { createLogger, createTracing } from '@shortstack/telemetry';
    const { cache } = createRequire(import.meta.url);
    const isLoaded = () => Object.keys(cache).some((file) => /sdk-trace|exporter-trace|async-hooks/.test(file));
    const about = { service: 'test', instanceId: 'test-1' };
    const logger = createLogger(about);
    const seen = [];
    for (const [endpoint, ratio] of [[undefined, 1], ['http://127.0.0.1:1', 0], ['http://127.0.0.1:1', 0.01]]) {
      const tracing = createTracing({ ...about, logger, endpoint });
      await tracing.setRatio(ratio);
      await tracing.inSpan({ name: 'work', parent: '${unsampled}' }, async () => {});
      seen.push(isLoaded());
      await tracing.close();
    }
    console.log(JSON.stringify(seen));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', program],
    { cwd: import.meta.dirname },
  );
  expect(JSON.parse(stdout)).toEqual([false, false, true]);
});

test('work is done in a span if what caused it is recorded, and else without', async () => {
  const exporter = new InMemorySpanExporter();
  const { tracing } = open({ exporter });
  const inside = (options: object) =>
    tracing.inSpan({ name: 'work', ...options }, async () => currentTraceparent());
  expect(await inside({})).toBeUndefined();
  expect(await inside({ parent: unsampled })).toBeUndefined();
  expect(await inside({ links: [unsampled], parent: 'nonsense' })).toBeUndefined();
  expect(exporter.getFinishedSpans()).toEqual([]);

  expect(await inside({ parent: sampled })).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-.*-01$/);
  expect(await inside({ parent: null, links: [sampled] })).not.toContain('0af76519');
  const [child, linked] = exporter.getFinishedSpans();
  expect(child?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(linked?.parentSpanContext).toBeUndefined();
  expect(linked?.links.map(({ context }) => context.spanId)).toEqual(['b7ad6b7169203331']);
});

test('a failure passes through its span, which tells its kind and not its words', async () => {
  const exporter = new InMemorySpanExporter();
  const { tracing } = open({ exporter });
  const failing = tracing.inSpan({ name: 'work', parent: sampled }, async () => {
    throw new RangeError('secret');
  });
  await expect(failing).rejects.toThrow('secret');
  const [span] = exporter.getFinishedSpans();
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(span?.attributes).toEqual({ 'error.type': 'RangeError' });
});

test('lines logged inside a span name it; what outlives the span is no part of it', async () => {
  const { tracing, logger, log } = open({ exporter: new InMemorySpanExporter() });
  const ended = Promise.withResolvers<void>();
  let later: Promise<string | undefined> | undefined;
  await tracing.inSpan({ name: 'work', parent: sampled }, async () => {
    logger.info('inside');
    later = ended.promise.then(() => currentTraceparent());
  });
  logger.info('outside');
  ended.resolve();
  expect(await later).toBeUndefined();
  expect(log[0]).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(log[1]).not.toHaveProperty('traceId');
});

test('requests are chosen by ratio, and with a ratio of 0 never', async () => {
  const { tracing } = open({ exporter: new InMemorySpanExporter() });
  const begins = () => {
    const span = tracing.startRequest(request);
    span?.end();
    return span !== undefined;
  };
  expect([tracing.isOn, tracing.chooses(), begins()]).toEqual([false, false, false]);
  await tracing.setRatio(0.5);
  const chosen = Array.from({ length: 1_000 }, () => tracing.chooses()).filter(Boolean).length;
  expect(chosen).toBeGreaterThan(400);
  expect(chosen).toBeLessThan(600);
  expect(begins()).toBe(true);
  await tracing.setRatio(0);
  expect([tracing.isOn, tracing.chooses(), begins()]).toEqual([false, false, false]);
});

test('the last of two changes holds, whichever has to load the SDK', async () => {
  const { tracing } = open({ exporter: new InMemorySpanExporter() });
  const first = tracing.setRatio(1);
  await tracing.setRatio(0);
  await first;
  expect(tracing.isOn).toBe(false);
});

test('a collector that is away, and then back, is told in one line each', {
  timeout: 30_000,
}, async () => {
  const { port, stop } = await startCollector(() => {});
  await stop();
  const { tracing, log } = open({ endpoint: `http://127.0.0.1:${port}/` });
  await tracing.setRatio(1);
  const trace = () => tracing.startRequest(request)?.end();
  const told = (message: string) => log.filter(({ msg }) => String(msg).includes(message)).length;
  const away = async () => {
    trace();
    return told('takes no spans') > 0;
  };
  await until(away, { deadlineMs: 10_000 });
  const paths: string[] = [];
  await startCollector(({ url = '' }, response) => {
    paths.push(url);
    response.setHeader('content-type', 'application/json').end('{}');
  }, port);
  const back = async () => {
    trace();
    return told('takes spans again') > 0;
  };
  await until(back, { deadlineMs: 10_000 });
  expect(paths[0]).toBe('/v1/traces');
  expect(log.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('a collector that hangs holds up neither requests nor the end of the process', async () => {
  const { endpoint } = await startCollector(() => {});
  const { tracing } = open({ endpoint });
  await tracing.setRatio(1);
  // Several times what is kept for it.
  for (let i = 0; i < 10_000; i += 1) {
    tracing.startRequest(request)?.end();
    if (i % 100 === 0) await turn();
  }
  const startedAt = performance.now();
  await tracing.close();
  expect(performance.now() - startedAt).toBeLessThan(2_500);
  expect(tracing.startRequest(request)).toBeUndefined();
});
