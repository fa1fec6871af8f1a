import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import {
  connectHub,
  describeInstance,
  listedIds,
  register,
  resolveIds,
  startResolver,
  startService,
  untilSubscribed,
} from './fixtures.ts';

async function newHub() {
  const server = await startTestRedis();
  return { server, redis: await connectHub(server.url) };
}

type Hub = Awaited<ReturnType<typeof newHub>>;

/** An instance with a server of its own and a connection of its own, which `kill` cuts like a crash would. */
async function startInstance(hub: Hub, service: string, id: string) {
  const http = await startService();
  const redis = await connectHub(hub.server.url);
  const registered = register(redis, describeInstance(service, http.url, { id }));
  await until(() => registered.stats().beats > 0);
  const kill = async () => {
    http.close();
    await redis.close();
  };
  return { http, registered, kill };
}

test('a service resolves to its instances in turn', async () => {
  const hub = await newHub();
  for (const id of ['a', 'b', 'c']) await startInstance(hub, 'worker', id);
  await startInstance(hub, 'create', 'd');
  const resolver = startResolver(hub.redis);
  expect(await resolveIds(resolver, 'worker', 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  expect(await listedIds(resolver)).toEqual(['d', 'a', 'b', 'c']);
  expect(await listedIds(resolver, 'create')).toEqual(['d']);
});

test('HTTP and jobs processes are resolved apart, and tried instances are passed over', async () => {
  const hub = await newHub();
  const { http } = await startInstance(hub, 'worker', 'a');
  await startInstance(hub, 'worker', 'b');
  const jobs = register(hub.redis, describeInstance('worker', http.url, { process: 'jobs' }));
  await until(() => jobs.stats().beats > 0);
  const resolver = startResolver(hub.redis);
  const first = await resolver.resolve('worker');
  expect(first.id).toBe('a');
  expect((await resolver.resolve('worker', { except: [first] })).id).toBe('b');
  expect((await resolver.resolve('worker', { process: 'jobs' })).process).toBe('jobs');
});

test('a service that nobody offers is unavailable', async () => {
  const hub = await newHub();
  await expect(startResolver(hub.redis).resolve('worker')).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'SERVICE_UNAVAILABLE',
  });
});

test('a message of the registry is enough to learn of a new instance and of one that left', async () => {
  const hub = await newHub();
  const resolver = startResolver(hub.redis, { refreshMs: 60_000 });
  await resolver.list('worker');
  await untilSubscribed(hub.redis);
  const { http, registered } = await startInstance(hub, 'worker', 'a');
  await until(async () => (await listedIds(resolver, 'worker')).length === 1);
  http.readiness = 503;
  await registered.close();
  await until(async () => (await listedIds(resolver, 'worker')).length === 0);
  await expect(resolver.resolve('worker')).rejects.toThrow('worker');
});

test('an instance that is killed leaves the list after its TTL', async () => {
  const hub = await newHub();
  const dying = await startInstance(hub, 'worker', 'a');
  await startInstance(hub, 'worker', 'b');
  const resolver = startResolver(hub.redis);
  expect(await listedIds(resolver, 'worker')).toEqual(['a', 'b']);
  await dying.kill();
  await until(async () => (await listedIds(resolver, 'worker')).length === 1);
  expect(await resolveIds(resolver, 'worker', 2)).toEqual(['b', 'b']);
});

test('an instance that is not ready is dropped, still listed, and taken back when it is', async () => {
  const hub = await newHub();
  const { http } = await startInstance(hub, 'worker', 'a');
  await startInstance(hub, 'worker', 'b');
  const resolver = startResolver(hub.redis);
  http.readiness = 503;
  const health = async () => (await resolver.list('worker')).map((instance) => instance.health);
  await until(async () => (await health()).join() === 'unready,healthy');
  expect(await resolveIds(resolver, 'worker', 3)).toEqual(['b', 'b', 'b']);
  http.readiness = 200;
  await until(async () => (await health()).join() === 'healthy,healthy');
  expect(new Set(await resolveIds(resolver, 'worker', 2))).toEqual(new Set(['a', 'b']));
});

test('a reported instance is dropped until a probe succeeds', async () => {
  const hub = await newHub();
  await startInstance(hub, 'worker', 'a');
  await startInstance(hub, 'worker', 'b');
  const resolver = startResolver(hub.redis, { refreshMs: 600 });
  const a = await resolver.resolve('worker');
  expect(a.id).toBe('a');
  await until(async () => (await resolver.list()).every(({ health }) => health === 'healthy'));
  resolver.reportFailure(a);
  resolver.reportSuccess(a);
  resolver.reportFailure(a);
  expect(new Set(await resolveIds(resolver, 'worker', 2))).toEqual(new Set(['a', 'b']));
  resolver.reportFailure(a);
  expect(await resolveIds(resolver, 'worker', 3)).toEqual(['b', 'b', 'b']);
  await until(async () => (await resolveIds(resolver, 'worker', 2)).includes('a'));
});

test('the last list stays while the hub is away, and is still probed', async () => {
  const hub = await newHub();
  await startInstance(hub, 'worker', 'a');
  const b = await startInstance(hub, 'worker', 'b');
  const resolver = startResolver(hub.redis, { keepMissingMs: 50 });
  await resolver.list('worker');
  await hub.server.stop();
  await until(() => hub.redis.breaker.state !== 'closed');
  await b.kill();
  await until(async () => (await resolver.list('worker'))[1]?.health === 'unreachable');
  expect(await resolveIds(resolver, 'worker', 2)).toEqual(['a', 'a']);
  expect(await listedIds(resolver, 'worker')).toEqual(['a', 'b']);
});

test('a hub that comes back empty empties no list: instances that answer stay', async () => {
  const hub = await newHub();
  const http = await startService();
  const gone = await startService();
  const stamp = { ttlSeconds: 600, heartbeatMs: 200_000 };
  for (const [id, url] of Object.entries({ a: http.url, b: gone.url })) {
    const registered = register(hub.redis, describeInstance('worker', url, { id }), stamp);
    await until(() => registered.stats().beats > 0);
  }
  const resolver = startResolver(hub.redis, { keepMissingMs: 60_000 });
  expect(await listedIds(resolver, 'worker')).toEqual(['a', 'b']);
  gone.close();
  await hub.redis.client.flushall();
  await until(async () => (await listedIds(resolver, 'worker')).join() === 'a');
  expect((await resolver.resolve('worker')).id).toBe('a');
});

test('an instance that the registry has lost is not kept for ever', async () => {
  const hub = await newHub();
  const http = await startService();
  const stamp = { ttlSeconds: 600, heartbeatMs: 200_000 };
  const registered = register(hub.redis, describeInstance('worker', http.url), stamp);
  await until(() => registered.stats().beats > 0);
  const resolver = startResolver(hub.redis, { keepMissingMs: 200 });
  expect(await listedIds(resolver, 'worker')).toHaveLength(1);
  await hub.redis.client.flushall();
  await until(async () => (await listedIds(resolver, 'worker')).length === 0);
});

test('an instance that hangs counts as unreachable', async () => {
  const hub = await newHub();
  const { port } = await startService();
  const proxy = await createFaultProxy({ targetPort: port });
  const instance = describeInstance('worker', `http://127.0.0.1:${proxy.port}`);
  const registered = register(hub.redis, instance);
  await until(() => registered.stats().beats > 0);
  const resolver = startResolver(hub.redis);
  await until(async () => (await resolver.list('worker'))[0]?.health === 'healthy');
  proxy.stall();
  await until(async () => (await resolver.list('worker'))[0]?.health === 'unreachable');
  await proxy.heal();
  const { id } = await until(() => resolver.resolve('worker'));
  expect(id).toBe(instance.id);
});
