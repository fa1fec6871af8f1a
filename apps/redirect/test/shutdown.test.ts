import { redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { claimPorts, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { startChild } from './child-process.ts';
import { insertLink } from './links.ts';
import { send } from './send.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();

async function start(kind: 'http' | 'jobs', settings = {}) {
  const ports = await claimPorts();
  const [port, internalPort] = [`${ports.next()}`, `${ports.next()}`];
  const env = stack.environment(kind, {
    PORT: port,
    INTERNAL_PORT: internalPort,
    ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
    ...settings,
  });
  const child = startChild(kind === 'http' ? 'src/main.ts' : 'src/jobs.ts', env);
  await child.alive();
  return {
    ...child,
    url: `http://127.0.0.1:${port}`,
    internalUrl: `http://127.0.0.1:${internalPort}`,
  };
}

/** Sends SIGTERM; the promise is 25 s, for tests far less must do. */
async function end(child: { kill(signal: NodeJS.Signals): void; ended: Promise<unknown> }) {
  const startedAt = performance.now();
  child.kill('SIGTERM');
  const how = await child.ended;
  return { how, seconds: (performance.now() - startedAt) / 1_000 };
}

test('on SIGTERM a request under way is answered and its click kept, and nobody new is let in', async () => {
  const redirect = await start('http');
  const { slug } = await insertLink(stack.sql);
  const lock = await stack.sql.connect();
  await lock.query('BEGIN');
  await lock.query('LOCK TABLE links');
  const answer = send(redirect.url, `/${slug}`, { headers: { 'x-request-id': 'under-way' } });
  await until(async () => {
    const { rowCount } = await stack.sql.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rowCount === 1;
  });
  const ended = end(redirect);
  await until(async () => (await send(redirect.internalUrl, '/readyz')).status === 503, {
    message: 'it is not ready any more',
  });
  await until(
    () =>
      send(redirect.url, '/').then(
        () => false,
        () => true,
      ),
    {
      message: 'nobody is let in',
    },
  );
  await lock.query('COMMIT');
  lock.release();

  expect((await answer).status).toBe(302);
  const { how, seconds } = await ended;
  expect(how).toBe(0);
  expect(seconds).toBeLessThan(25);
  const jobs = connectRedis({ name: 'jobs', url: stack.redis.jobs.url });
  await jobs.ready();
  const entries = await jobs.client.xrange(redisKeys.clicks, '-', '+');
  await jobs.close();
  expect(JSON.stringify(entries)).toContain('under-way');
  const registered = connectRedis({ name: 'hub', url: stack.redis.hub.url });
  await registered.ready();
  expect(await registered.client.keys('*redirect-http*')).toEqual([]);
  await registered.close();
});

test('both processes end on SIGTERM while all that they depend on is away', {
  timeout: 60_000,
}, async () => {
  const settings = Object.fromEntries(
    ['SESSION', 'HUB', 'CACHE', 'JOBS'].map((role) => [`REDIS_${role}_URL`, 'redis://127.0.0.1:1']),
  );
  const away = { ...settings, DATABASE_URL: 'postgres://x@127.0.0.1:1/x' };
  const both = await Promise.all([start('http', away), start('jobs', away)]);
  for (const { how, seconds } of await Promise.all(both.map(end))) {
    expect(how).toBe(0);
    expect(seconds).toBeLessThan(25);
  }
});

test('both processes end on SIGTERM when some Redis servers hang under them and others were killed', {
  timeout: 60_000,
}, async () => {
  const both = await Promise.all([start('http'), start('jobs')]);
  const { session, hub, cache, jobs } = stack.redis;
  for (const server of [hub, jobs]) await server.suspend();
  for (const server of [session, cache]) await server.kill();
  for (const { how, seconds } of await Promise.all(both.map(end))) {
    expect(how).toBe(0);
    expect(seconds).toBeLessThan(25);
  }
});
