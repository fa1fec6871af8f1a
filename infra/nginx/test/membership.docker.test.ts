import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { docker } from './docker.ts';
import { exchange } from './http-exchange.ts';
import { startFront } from './start-front.ts';
import { startLoad } from './start-load.ts';

const front = await startFront();
const nginx = await front.startNginx();
const sentBefore = performance.now();

/** Which instances answer, out of thirty requests; nobody if one of these fails, as while an old worker is still about. */
async function servedBy(): Promise<string[]> {
  const names = new Set<string>();
  for (let sent = 0; sent < 30; sent += 1) {
    const { status, headers } = await exchange(`${nginx.shortOrigin}/slug`);
    if (status !== 200) return [];
    names.add(String(headers['x-served-by']));
  }
  return [...names].toSorted();
}

test('without any instance nginx runs and answers 503 with Retry-After', async () => {
  for (const url of [`${nginx.shortOrigin}/a`, `${nginx.appOrigin}/a`, `${nginx.appOrigin}/ops`]) {
    const answer = await exchange(url, { headers: { 'x-request-id': 'nobody-there' } });
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '1',
      'x-request-id': 'nobody-there',
    });
    expect(answer.json()).toMatchObject({ code: 'UPSTREAM_ABSENT', requestId: 'nobody-there' });
  }
});

test('each instance that is started gets requests, and none fails meanwhile', async () => {
  const first = await front.startStub('redirect');
  await until(async () => (await servedBy()).length === 1, { deadlineMs: 15_000 });
  const load = startLoad(`${nginx.shortOrigin}/slug`, 100, 'scaling-');
  const more = await Promise.all([front.startStub('redirect'), front.startStub('redirect')]);
  await until(async () => (await servedBy()).length === 3, {
    message: 'Three instances were not used',
    deadlineMs: 15_000,
  });
  await load.stop();
  expect(load.failures).toEqual([]);
  for (const stub of [first, ...more]) {
    expect((await stub.seen()).length).toBeGreaterThan(0);
  }
});

test('a stopped instance is forgotten after half a minute, one on the same address is not', async () => {
  const before = await nginx.addressesOf('redirect');
  expect(before).toHaveLength(3);
  const names = (await docker('ps', '--format', '{{.Names}}')).split('\n');
  const own = nginx.container.replace(/-nginx-\d+$/, '-redirect-');
  const [victim = ''] = names.filter((name) => name.startsWith(own));
  await docker('stop', victim);
  const reloads = (await nginx.log()).split('instances:').length;
  await until(async () => (await nginx.addressesOf('redirect')).length === 2, {
    message: 'The address was kept',
    deadlineMs: 45_000,
  });
  expect(performance.now() - sentBefore).toBeGreaterThan(30_000);
  await until(async () => (await nginx.log()).split('instances:').length === reloads + 1);
});

test('SIGQUIT ends the container with 0, and quickly', async () => {
  const start = performance.now();
  await docker('stop', '-t', '20', nginx.container);
  const state = await docker('inspect', '--format', '{{.State.ExitCode}}', nginx.container);
  expect(state.trim()).toBe('0');
  expect(performance.now() - start).toBeLessThan(10_000);
});
