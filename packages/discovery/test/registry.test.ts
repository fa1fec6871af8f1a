import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { registerInstance, sweepRegistry } from '../src/index.ts';
import { listInstances } from '../src/list-instances.ts';
import type { RegistryEvent } from '../src/registry-event.ts';
import { registryKeys } from '../src/registry-keys.ts';
import { watchRegistry } from '../src/watch-registry.ts';
import { connectHub, describeInstance, register } from './fixtures.ts';

async function newHub() {
  const server = await startTestRedis();
  const redis = await connectHub(server.url);
  const events: string[] = [];
  const connected = Promise.withResolvers<void>();
  const onEvent = ({ event, service, id }: RegistryEvent) =>
    events.push(`${event} ${service}/${id}`);
  const stop = watchRegistry(redis, { onEvent, onConnected: connected.resolve });
  onTestFinished(stop);
  await connected.promise;
  return { server, redis, events };
}

const url = 'http://127.0.0.1:1';

test('an instance is registered at once with all that it says of itself', async () => {
  const { redis, events } = await newHub();
  const instance = describeInstance('worker', url, {
    process: 'jobs',
    publicUrl: 'https://a.test',
  });
  register(redis, instance, {
    load: () => ({ queued: 3 }),
    lastWork: () => 'swept 2',
    now: () => Date.UTC(2026, 10, 21),
  });
  const found = await until(async () => (await listInstances(redis))[0]);
  expect(found).toEqual({
    ...instance,
    load: { queued: 3 },
    lastWork: 'swept 2',
    beatAt: '2026-11-21T00:00:00.000Z',
  });
  await until(() => events.length > 0);
  expect(events).toEqual([`service_up worker/${instance.id}`]);
});

test('the record is rewritten at every beat, and announced only once', async () => {
  const { redis, events } = await newHub();
  let beats = 0;
  register(redis, describeInstance('create', url), { heartbeatMs: 20, load: () => ++beats });
  await until(async () => Number((await listInstances(redis))[0]?.load) >= 5);
  expect(events).toHaveLength(1);
});

test('a graceful exit removes the record and is announced', async () => {
  const { redis, events } = await newHub();
  const instance = describeInstance('create', url);
  const registered = register(redis, instance);
  await until(async () => (await listInstances(redis)).length === 1);
  await registered.close();
  await registered.close();
  expect(await listInstances(redis)).toEqual([]);
  expect(await redis.client.exists(registryKeys.index)).toBe(0);
  await until(() => events.length === 2);
  expect(events[1]).toBe(`service_down create/${instance.id}`);
});

test('every key expires by itself', async () => {
  const { redis } = await newHub();
  register(redis, describeInstance('create', url));
  await until(async () => (await listInstances(redis)).length === 1);
  for (const key of await redis.client.keys('*')) {
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
  }
});

test('a process that was killed is gone after its TTL, and swept and announced once', async () => {
  const { server, redis, events } = await newHub();
  const dying = await connectHub(server.url);
  const instance = describeInstance('worker', url);
  register(dying, instance);
  register(redis, describeInstance('create', url, { id: 'alive' }));
  await until(async () => (await listInstances(redis)).length === 2);
  expect(await sweepRegistry({ redis })).toEqual([]);

  await dying.close();
  await until(async () => (await listInstances(redis)).length === 1);
  const swept = await Promise.all([sweepRegistry({ redis }), sweepRegistry({ redis })]);
  expect(swept.flat()).toEqual([`worker/${instance.id}`]);
  expect(await redis.client.smembers(registryKeys.index)).toEqual(['create/alive']);
  await until(() => events.includes(`service_down worker/${instance.id}`));
  expect(events.filter((event) => event.startsWith('service_down'))).toHaveLength(1);
});

test('a hub that was emptied knows the instance again after a beat', async () => {
  const { redis, events } = await newHub();
  register(redis, describeInstance('create', url));
  await until(() => events.length === 1);
  await redis.client.flushall();
  await until(async () => (await listInstances(redis)).length === 1);
  await until(() => events.length === 2);
  expect(events[1]).toBe(events[0]);
});

test('a hub that was killed and comes back empty is told at once, not at the next beat', async () => {
  const { server, redis } = await newHub();
  const registered = register(redis, describeInstance('create', url), {
    ttlSeconds: 600,
    heartbeatMs: 200_000,
  });
  await until(() => registered.stats().beats === 1);
  await server.stop();
  await until(() => redis.breaker.state !== 'closed');
  await startTestRedis({ port: server.port });
  const found = await until(async () => (await listInstances(redis))[0]);
  expect(found?.service).toBe('create');
});

test('beats and leaving fail quietly while the hub is away', async () => {
  const { server, redis } = await newHub();
  const registered = register(redis, describeInstance('create', url), { heartbeatMs: 20 });
  await until(() => registered.stats().beats > 0);
  await server.stop();
  await until(() => registered.stats().failures >= 3);
  await expect(registered.close()).resolves.toBeUndefined();
});

test('a half-open connection does not hang the heartbeat, nor the exit', async () => {
  const { server, redis } = await newHub();
  const proxy = await createFaultProxy({ targetPort: server.port });
  const throughProxy = await connectHub(`redis://127.0.0.1:${proxy.port}`);
  const registered = register(throughProxy, describeInstance('create', url));
  await until(() => registered.stats().beats > 0);

  proxy.stall();
  await until(() => registered.stats().failures >= 3, { deadlineMs: 10_000 });
  await until(async () => (await listInstances(redis)).length === 0);

  await proxy.heal();
  await until(async () => (await listInstances(redis)).length === 1, { deadlineMs: 10_000 });
  proxy.stall();
  await expect(registered.close()).resolves.toBeUndefined();
});

test('a load that throws costs the load, not the beat', async () => {
  const { redis } = await newHub();
  const load = () => {
    throw new Error('broken');
  };
  register(redis, describeInstance('create', url), { load });
  const found = await until(async () => (await listInstances(redis))[0]);
  expect(found?.load).toBeNull();
});

test('records that another version wrote are read as far as possible, broken ones left out', async () => {
  const { redis } = await newHub();
  const records = {
    'create/new': JSON.stringify({
      ...describeInstance('create', url, { id: 'new' }),
      region: 'eu',
      load: [1],
    }),
    'create/broken': '{',
    'create/null': 'null',
    'create/no-url': JSON.stringify({ id: 'no-url', service: 'create', process: 'http' }),
    'create/of-another': JSON.stringify(describeInstance('redirect', url)),
    'create/file': JSON.stringify(describeInstance('create', 'file:///etc/passwd')),
  };
  for (const [member, record] of Object.entries(records)) {
    await redis.client.sadd(registryKeys.index, member);
    await redis.client.set(`${registryKeys.recordPrefix}${member}`, record);
  }
  const found = await listInstances(redis);
  expect(found.map((instance) => instance.id)).toEqual(['new']);
  expect(found[0]).toMatchObject({ load: null, lastWork: null, beatAt: '' });
});

test('a name or URL that others could not use is refused at once', async () => {
  const { redis } = await newHub();
  for (const wrong of [{ id: 'a/b' }, { id: '' }, { service: 'a b' }, { url: 'localhost:3000' }]) {
    const instance = { ...describeInstance('create', url), ...wrong };
    expect(() => registerInstance({ redis, instance, load: () => 0 })).toThrow(
      expect.objectContaining({ code: 'INSTANCE_INVALID' }),
    );
  }
});
