import { redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { claimPorts, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { auditClicks, flawless, untilDrained } from './audit-clicks.ts';
import { startChild } from './child-process.ts';
import { startClickLoad } from './click-load.ts';
import { insertLink } from './links.ts';
import { send } from './send.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();

interface GroupReadiness {
  status: string;
  processes: { process: number; pid?: number; status: string }[];
  dependencies: { process: number; name: string; state: string }[];
}

/** Two processes that share a port, ready. */
async function startGroup() {
  const ports = await claimPorts();
  const [port, internalPort] = [`${ports.next()}`, `${ports.next()}`];
  const env = stack.environment('http', {
    REDIRECT_PROCESSES: '2',
    PORT: port,
    INTERNAL_PORT: internalPort,
    ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
  });
  const child = startChild('src/main.ts', env);
  const url = `http://127.0.0.1:${port}`;
  const internalUrl = `http://127.0.0.1:${internalPort}`;
  const readiness = async () => (await send(internalUrl, '/readyz')).json() as GroupReadiness;
  const bothReady = () =>
    until(async () => (await readiness()).processes.every(({ status }) => status === 'ready'), {
      deadlineMs: 30_000,
      message: 'not both processes are ready',
    });
  await child.alive();
  await bothReady();
  return {
    ...child,
    ports,
    id: env.INSTANCE_ID ?? '',
    env,
    url,
    internalUrl,
    readiness,
    bothReady,
  };
}

/** Which processes answer, asked over connections of their own. */
async function answering(url: string): Promise<Set<unknown>> {
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(url, '/robots.txt')));
  return new Set(answers.map(({ headers }) => headers['x-served-by']));
}

test('two processes share a port and both answer; one listener tells of both, and the registry has both', {
  timeout: 60_000,
}, async () => {
  const group = await startGroup();
  const both = [`${group.id}.1`, `${group.id}.2`];
  await until(async () => (await answering(group.url)).size === 2);
  expect(both).toEqual(expect.arrayContaining([...(await answering(group.url))]));

  expect((await send(group.internalUrl, '/livez')).json()).toMatchObject({ status: 'alive' });
  const { body } = await send(group.internalUrl, '/metrics');
  for (const process of [0, 1, 2]) {
    expect(body).toMatch(new RegExp(`^process_resident_memory_bytes{process="${process}"`, 'm'));
  }
  expect(body.match(/^# TYPE shortstack_redirect_clicks_total counter$/gm)).toHaveLength(1);

  const hub = connectRedis({ name: 'hub', url: stack.redis.hub.url });
  onTestFinished(() => hub.close());
  await hub.ready();
  const registered = async () => JSON.stringify(await hub.client.keys('*'));
  await until(async () => {
    const keys = await registered();
    return both.every((id) => keys.includes(id));
  });

  group.kill('SIGTERM');
  expect(await group.ended).toBe(0);
  expect(await registered()).not.toContain(group.id);
});

test('a port that somebody else has stops the start', { timeout: 60_000 }, async () => {
  const group = await startGroup();
  const second = startChild('src/main.ts', {
    ...group.env,
    INTERNAL_PORT: `${group.ports.next()}`,
  });
  expect(await second.ended).toBe(1);
  group.kill('SIGTERM');
  expect(await group.ended).toBe(0);
});

test('when one of two processes is killed under load and Redis with it, the other goes on, the one comes back, and each answered click is counted once', {
  timeout: 120_000,
}, async () => {
  const jobs = await stack.startJobs();
  const group = await startGroup();
  const links = await Promise.all(Array.from({ length: 20 }, () => insertLink(stack.sql)));
  const load = startClickLoad({
    url: group.url,
    slugs: links.map(({ slug }) => slug),
    perSecond: 300,
    random: Math.random,
  });
  const answeredAfter = async (more: number) => {
    const before = load.acknowledged.size;
    await until(() => load.acknowledged.size >= before + more, { deadlineMs: 30_000 });
  };
  await answeredAfter(200);
  await stack.redis.jobs.kill();
  await answeredAfter(200);

  const victim = (await group.readiness()).processes[0]?.pid ?? 0;
  process.kill(victim, 'SIGKILL');
  await until(async () => (await group.readiness()).processes[0]?.pid !== victim);
  expect((await send(group.internalUrl, '/readyz')).status).toBe(200);
  await answeredAfter(100);
  await group.bothReady();
  await until(async () => (await answering(group.url)).size === 2);
  await answeredAfter(200);

  await stack.redis.jobs.restart();
  await load.stop();
  await untilDrained(stack);
  const audit = await auditClicks(
    stack.sql,
    links.map(({ id }) => id),
    [load],
  );
  expect(audit).toEqual(flawless);
  group.kill('SIGTERM');
  expect(await group.ended).toBe(0);
  await jobs.close();
});

test('on SIGTERM both processes finish the requests under way, and the group ends with 0', {
  timeout: 60_000,
}, async () => {
  const group = await startGroup();
  const links = await Promise.all(Array.from({ length: 20 }, () => insertLink(stack.sql)));
  const lock = await stack.sql.connect();
  await lock.query('BEGIN');
  await lock.query('LOCK TABLE links');
  const answers = links.map(({ slug }) =>
    send(group.url, `/${slug}`, { headers: { 'x-request-id': `under-way-${slug}` } }),
  );
  await until(async () => {
    const { rows } = await stack.sql.query<{ n: number }>(
      `SELECT count(DISTINCT application_name)::int AS n FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows[0]?.n === 2;
  });
  const startedAt = performance.now();
  group.kill('SIGTERM');
  await until(async () => (await send(group.internalUrl, '/readyz')).status === 503);
  await lock.query('COMMIT');
  lock.release();

  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([302]));
  expect(await group.ended).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(25_000);
  const jobs = connectRedis({ name: 'jobs', url: stack.redis.jobs.url });
  onTestFinished(() => jobs.close());
  await jobs.ready();
  const entries = JSON.stringify(await jobs.client.xrange(redisKeys.clicks, '-', '+'));
  for (const { slug } of links) expect(entries).toContain(`under-way-${slug}`);
});
