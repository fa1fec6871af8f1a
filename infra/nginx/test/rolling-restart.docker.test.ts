import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { docker } from './docker.ts';
import { type Stub, startFront } from './start-front.ts';
import { startLoad } from './start-load.ts';

const front = await startFront();
let instances: Stub[] = await Promise.all([
  front.startStub('redirect'),
  front.startStub('redirect'),
]);
const all = [...instances];
const create = await front.startStub('create');
const nginx = await front.startNginx();

/**
 * Now and then a request fails that no instance has seen. Most likely it was on a connection that was being made when a listener closed:
 * the system resets those, and nginx can't know that nobody took them. No other request may fail.
 */
const fewFailures = 2 * instances.length;

test('a rolling restart under 500 requests per second fails nothing that an instance saw, and repeats none', async () => {
  // Nothing of create restarts, but its clients live through the reloads.
  const signIns = startLoad(`${nginx.appOrigin}/api/auth/login`, 50, 'sign-in-', 'POST');
  const load = startLoad(`${nginx.shortOrigin}/slug`, 500, 'rolling-');
  await until(() => load.answered > 500, { deadlineMs: 15_000 });
  for (const old of instances) {
    await docker('stop', '-t', '20', old.container);
    const next = await front.startStub('redirect');
    all.push(next);
    instances = [...instances.filter((stub) => stub !== old), next];
    await until(async () => (await next.seen()).length > 100, {
      message: 'The new instance got no requests',
      deadlineMs: 20_000,
    });
  }
  await Promise.all([load.stop(), signIns.stop()]);
  const ids = await seenIds();
  expect(load.failures.length).toBeLessThanOrEqual(fewFailures);
  expect(load.failures.filter(({ id }) => ids.includes(id))).toEqual([]);
  expect(signIns.failures).toEqual([]);
  expect(await create.seen()).toHaveLength(signIns.answered);
  expect(ids).toHaveLength(load.answered);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an instance that restarts in its place fails nothing that an instance saw', async () => {
  const load = startLoad(`${nginx.shortOrigin}/slug`, 500, 'in-place-');
  await until(() => load.answered > 500, { deadlineMs: 15_000 });
  for (const { container } of instances) {
    await docker('restart', '-t', '20', container);
    await until(async () => (await docker('logs', container)).split('listening').length === 3, {
      message: 'It did not start again',
      deadlineMs: 20_000,
    });
  }
  await load.stop();
  const ids = await seenIds();
  expect(load.failures.length).toBeLessThanOrEqual(fewFailures);
  expect(load.failures.filter(({ id }) => ids.includes(id))).toEqual([]);
});

async function seenIds(): Promise<(string | undefined)[]> {
  const seen = await Promise.all(all.map((stub) => stub.seen()));
  return seen.flat().map(({ headers }) => headers['x-request-id']);
}
