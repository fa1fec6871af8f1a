import { Agent } from 'node:http';
import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { docker } from './docker.ts';
import { exchange } from './http-exchange.ts';
import { type Stub, startFront } from './start-front.ts';
import { startLoad } from './start-load.ts';

const front = await startFront();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

/** How often each request whose id begins so reached any of the stubs. */
async function deliveries(stubs: readonly Stub[], idPrefix: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const stub of stubs) {
    for (const { headers } of await stub.seen()) {
      const id = headers['x-request-id'] ?? '';
      if (id.startsWith(idPrefix)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

const moreThanOnce = (counts: Map<string, number>) => [...counts].filter(([, count]) => count > 1);

const deaf = await front.startStub('redirect', { isDeaf: true });
const hearing = [await front.startStub('redirect'), await front.startStub('redirect')] as const;
const creates = [await front.startStub('create'), await front.startStub('create')] as const;
const nginx = await front.startNginx();
const known = await nginx.addressesOf('redirect');

test('a refused connection costs nothing: the request goes to another instance, once', async () => {
  expect(known).toContain(deaf.address);
  const load = startLoad(`${nginx.shortOrigin}/a%2Fb?q=%20`, 200, 'refused-');
  await until(() => load.answered > 500, { deadlineMs: 15_000 });
  await load.stop();
  expect(load.failures).toEqual([]);
  const counts = await deliveries(hearing, 'refused-');
  expect(counts.size).toBe(load.answered);
  expect(moreThanOnce(counts)).toEqual([]);
  const urls = new Set((await hearing[0].seen()).map(({ url }) => url));
  expect([...urls]).toEqual(['/a%2Fb?q=%20']);
  const line = await nginx.logLine(`"upstream":"${deaf.address}:3001 : `);
  expect(JSON.parse(line)).toMatchObject({ origin: 'short', status: 200, path: '/a%2Fb' });
});

test('a password that is sent to an instance which refuses reaches another one whole', async () => {
  await until(async () => {
    const body = 'p'.repeat(8_000);
    const answer = await exchange(`${nginx.shortOrigin}/post`, { method: 'POST', body });
    expect(answer.json()).toMatchObject({ method: 'POST', bytes: 8_000 });
    const log = await nginx.log();
    return log.split('\n').some((line) => line.includes('"POST"') && line.includes(' : '));
  });
});

test('a kept connection that breaks under a request answers 502 and is not tried again', async () => {
  const url = `${nginx.shortOrigin}/break-if-reused`;
  const sent: string[] = [];
  const failed = await until(async () => {
    const id = `reused-${sent.length}`;
    sent.push(id);
    const answer = await exchange(url, { agent, headers: { 'x-request-id': id } });
    if (answer.status === 200) throw new Error('Answered on a new connection');
    return answer;
  });
  expect(failed.status).toBe(502);
  expect(failed.headers['retry-after']).toBe('1');
  expect(failed.json()).toMatchObject({ code: 'UPSTREAM_FAILED', requestId: sent.at(-1) });
  const counts = await deliveries(hearing, 'reused-');
  expect([...counts.keys()].toSorted()).toEqual(sent.toSorted());
  expect(moreThanOnce(counts)).toEqual([]);
});

test('a new connection that breaks under a request answers 502 and is not tried again', async () => {
  const answer = await exchange(`${nginx.shortOrigin}/break`, {
    headers: { 'x-request-id': 'broken-1' },
  });
  expect(answer.status).toBe(502);
  expect([...(await deliveries(hearing, 'broken-'))]).toEqual([['broken-1', 1]]);
});

test('an instance that answers too late gives 504 and nobody else is asked', async () => {
  const answer = await exchange(`${nginx.shortOrigin}/hang`, {
    headers: { 'x-request-id': 'late-1' },
  });
  expect(answer.status).toBe(504);
  expect(answer.json()).toMatchObject({ code: 'UPSTREAM_TIMEOUT', requestId: 'late-1' });
  expect([...(await deliveries(hearing, 'late-'))]).toEqual([['late-1', 1]]);
});

test.each([502, 503, 504, 404, 413])(
  'a %i that a service itself answers passes through as it is',
  async (status) => {
    for (const origin of [nginx.shortOrigin, nginx.appOrigin]) {
      const answer = await exchange(`${origin}/status-${status}`);
      expect(answer.status).toBe(status);
      expect(answer.text).toBe('from the service');
      expect(answer.headers['x-from']).toBe('stub');
    }
  },
);

test('at the app origin a read that breaks is tried again, a write is not', async () => {
  const read = await exchange(`${nginx.appOrigin}/break`, {
    headers: { 'x-request-id': 'read-1' },
  });
  expect(read.status).toBe(502);
  expect((await deliveries(creates, 'read-')).get('read-1')).toBeGreaterThan(1);
  const headers = { 'x-request-id': 'write-1' };
  const write = await exchange(`${nginx.appOrigin}/break`, { method: 'POST', body: '{}', headers });
  expect(write.status).toBe(502);
  expect((await deliveries(creates, 'write-')).get('write-1')).toBe(1);
});

test('an instance that is killed costs only what it had in hand, and no request arrives twice', async () => {
  const load = startLoad(`${nginx.shortOrigin}/slug`, 200, 'killed-');
  const writes = startLoad(`${nginx.appOrigin}/login`, 50, 'killed-write-', 'POST');
  await until(() => load.answered > 200, { deadlineMs: 15_000 });
  load.mostOpen = 0;
  writes.mostOpen = 0;
  const start = performance.now();
  await Promise.all([docker('kill', hearing[0].container), docker('kill', creates[0].container)]);
  const end = performance.now();
  const enough = load.answered + 1_000;
  await until(() => load.answered > enough, { deadlineMs: 30_000 });
  await Promise.all([load.stop(), writes.stop()]);
  for (const { failures, mostOpen } of [load, writes]) {
    expect(failures.filter(({ sentAt, failedAt }) => failedAt < start || sentAt > end)).toEqual([]);
    expect(failures.length).toBeLessThanOrEqual(mostOpen);
  }
  const counts = await deliveries([...hearing, ...creates], 'killed-');
  expect(moreThanOnce(counts)).toEqual([]);
  expect(counts.size).toBeGreaterThanOrEqual(load.answered + writes.answered);
});

test('a request that no instance takes is given up after six tries of half a second', async () => {
  await docker('kill', hearing[1].container, deaf.container);
  const start = performance.now();
  const answer = await exchange(`${nginx.shortOrigin}/slug`, { headers: { accept: 'text/html' } });
  expect([502, 504]).toContain(answer.status);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('<h1>Try again in a moment</h1>');
  expect(answer.headers['retry-after']).toBe('1');
  expect(performance.now() - start).toBeLessThan(4_000);
});
