import { connectRedis } from '@shortstack/redis';
import { startTestTopology, until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import {
  createServiceClient,
  createServiceKeys,
  createServiceTokenIssuer,
  createServiceTokenVerifier,
  generateServiceKey,
  type InstanceToRegister,
  type RegisterInstanceOptions,
  registerInstance,
  sweepRegistry,
} from '../src/index.ts';
import { listInstances } from '../src/list-instances.ts';
import type { RegistryEvent } from '../src/registry-event.ts';
import { registryKeys } from '../src/registry-keys.ts';
import { watchRegistry } from '../src/watch-registry.ts';
import {
  describeInstance,
  listedIds,
  register,
  resolveIds,
  startResolver,
  startService,
  type TestService,
} from './fixtures.ts';

const { connection } = await startTestTopology();
const connect = async () => {
  const redis = connectRedis({ ...connection, name: 'hub' });
  await redis.ready();
  return redis;
};
const redis = await connect();
const events: string[] = [];
const listening = Promise.withResolvers<void>();
const stopListening = watchRegistry(redis, {
  onEvent: ({ event, service, id }: RegistryEvent) => events.push(`${event} ${service}/${id}`),
  onConnected: listening.resolve,
});
await listening.promise;
afterAll(async () => {
  stopListening();
  await redis.close();
});

const nowhere = 'http://127.0.0.1:1';
let services = 0;

/** A name that no other test uses: they share one registry. */
function newService(): string {
  services += 1;
  return `service-${services}`;
}

async function registered(
  service: string,
  url: string,
  described: Partial<InstanceToRegister> = {},
  options: Partial<RegisterInstanceOptions> = {},
) {
  const instance = describeInstance(service, url, described);
  const registration = register(redis, instance, options);
  await until(() => registration.stats().beats > 0);
  return { ...registration, instance, id: instance.id };
}

/** An instance that answers and is called by its id. */
async function answering(service: string, id: string): Promise<TestService> {
  const http = await startService();
  await registered(service, http.url, { id });
  return http;
}

const known = async (service: string) =>
  (await listInstances(redis)).filter((instance) => instance.service === service);
const recordOf = (service: string, id: string) => `${registryKeys.recordPrefix}${service}/${id}`;

test('an instance is registered at once with all that it says of itself, and announced once', async () => {
  const service = newService();
  let beats = 0;
  const { instance, id } = await registered(
    service,
    nowhere,
    { process: 'jobs', publicUrl: 'https://a.test' },
    {
      heartbeatMs: 20,
      load: () => ({ beats: ++beats }),
      lastWork: () => 'swept 2',
      now: () => Date.UTC(2026, 10, 21),
    },
  );
  expect((await known(service))[0]).toEqual({
    ...instance,
    load: { beats: expect.any(Number) },
    lastWork: 'swept 2',
    beatAt: '2026-11-21T00:00:00.000Z',
  });
  await until(() => beats > 5);
  expect(events.filter((event) => event === `service_up ${service}/${id}`)).toHaveLength(1);
});

test('a graceful exit removes the record at once and is announced once', async () => {
  const service = newService();
  const leaving = await registered(service, nowhere);
  const { id } = leaving;
  await leaving.close();
  await leaving.close();
  expect(await known(service)).toEqual([]);
  expect(await redis.client.exists(recordOf(service, id))).toBe(0);
  const down = `service_down ${service}/${id}`;
  await until(() => events.includes(down));
  expect(events.filter((event) => event === down)).toHaveLength(1);
});

test('nothing stays for ever: record and index expire by themselves', async () => {
  const service = newService();
  const { id } = await registered(service, nowhere);
  for (const key of [recordOf(service, id), registryKeys.index])
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
});

test('by default a process that stalls for 10 s stays: it beats each 5 s, and its record lives for 15', async () => {
  const service = newService();
  const instance = describeInstance(service, nowhere);
  const registration = registerInstance({ redis, instance, load: () => 0 });
  onTestFinished(() => registration.close());
  await until(() => registration.stats().beats > 0);
  const ttlMs = await redis.client.pttl(recordOf(service, instance.id));
  expect(ttlMs).toBeGreaterThan(2 * 5_000);
  expect(ttlMs).toBeLessThanOrEqual(15_000);
});

test('a killed instance is gone after its TTL, and swept and announced by one sweeper of two', async () => {
  const service = newService();
  const { id } = await registered(service, nowhere, {}, { heartbeatMs: 60_000, ttlSeconds: 0.2 });
  await until(async () => (await known(service)).length === 0);
  const swept = (await Promise.all([sweepRegistry({ redis }), sweepRegistry({ redis })])).flat();
  expect(swept.filter((member) => member.startsWith(`${service}/`))).toEqual([`${service}/${id}`]);
  const down = `service_down ${service}/${id}`;
  await until(() => events.includes(down));
  expect(events.filter((event) => event === down)).toHaveLength(1);
});

test('a record that was lost comes back with the next beat', async () => {
  const service = newService();
  const { id } = await registered(service, nowhere);
  await redis.client.del(recordOf(service, id));
  const back = await until(async () => (await known(service))[0]);
  expect(back).toMatchObject({ id });
});

test('records that another version wrote are read as far as possible, broken ones left out', async () => {
  const service = newService();
  const { id } = await registered(service, nowhere);
  const records = {
    new: JSON.stringify({ ...describeInstance(service, nowhere, { id: 'new' }), region: 'eu' }),
    broken: '{',
  };
  for (const [other, record] of Object.entries(records)) {
    await redis.client.sadd(registryKeys.index, `${service}/${other}`);
    await redis.client.set(recordOf(service, other), record, 'EX', 60);
  }
  const ids = (await known(service)).map((instance) => instance.id);
  expect(ids.toSorted()).toEqual([id, 'new'].toSorted());
});

test('a service resolves to its instances in turn, and to nobody else’s', async () => {
  const [service, other] = [newService(), newService()];
  for (const id of ['a', 'b', 'c']) await answering(service, id);
  await answering(other, 'd');
  const resolver = startResolver(redis);
  expect(await resolveIds(resolver, service, 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  expect(await listedIds(resolver, other)).toEqual(['d']);
});

test('HTTP and jobs processes are resolved apart, and tried instances are passed over', async () => {
  const service = newService();
  for (const id of ['a', 'b']) await answering(service, id);
  await registered(service, (await startService()).url, { process: 'jobs', id: 'j' });
  const resolver = startResolver(redis);
  const first = await resolver.resolve(service);
  expect((await resolver.resolve(service, { except: [first] })).id).not.toBe(first.id);
  expect((await resolver.resolve(service, { process: 'jobs' })).id).toBe('j');
});

test('a service that nobody offers is unavailable', async () => {
  const resolving = startResolver(redis).resolve(newService());
  await expect(resolving).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'SERVICE_UNAVAILABLE',
  });
});

test('active health: an instance that is not ready is listed and not called, until it is', async () => {
  const service = newService();
  const http = await answering(service, 'a');
  await answering(service, 'b');
  const resolver = startResolver(redis);
  http.readiness = 503;
  const health = async () => (await resolver.list(service)).map((each) => each.health).join();
  await until(async () => (await health()) === 'unready,healthy');
  expect(await resolveIds(resolver, service, 3)).toEqual(['b', 'b', 'b']);
  http.readiness = 200;
  await until(async () => (await health()) === 'healthy,healthy');
  expect(new Set(await resolveIds(resolver, service, 2))).toEqual(new Set(['a', 'b']));
});

test('passive health: two failed calls in a row drop an instance, and a call fails over meanwhile', async () => {
  const service = newService();
  const http = await answering(service, 'a');
  await answering(service, 'b');
  const resolver = startResolver(redis, { refreshMs: 60_000 });
  await until(async () => (await listedIds(resolver, service)).length === 2);
  const tokens = await newIssuer('caller');
  const client = createServiceClient({ resolver, tokens });
  http.close();
  for (let call = 0; call < 4; call += 1) {
    const answer = await client.call(service, { method: 'POST', path: '/' });
    expect(answer.status).toBe(200);
  }
});

test('a caller that could reach nobody tries again, but never one that said it is not ready', async () => {
  const service = newService();
  await answering(service, 'a');
  (await answering(service, 'b')).readiness = 503;
  const resolver = startResolver(redis);
  const health = async () => (await resolver.list(service)).map((each) => each.health).join();
  await until(async () => (await health()) === 'healthy,unready');
  const first = await resolver.resolve(service);
  for (let failure = 0; failure < 2; failure += 1) resolver.reportFailure(first);
  expect(await resolveIds(resolver, service, 2)).toEqual(['a', 'a']);
});

test('a message of the registry is enough to learn of a new instance and of one that left', async () => {
  const service = newService();
  const resolver = startResolver(redis, { refreshMs: 60_000 });
  expect(await listedIds(resolver, service)).toEqual([]);
  const http = await startService();
  const leaving = await registered(service, http.url);
  await until(async () => (await listedIds(resolver, service)).includes(leaving.id));
  http.readiness = 503;
  await leaving.close();
  await until(async () => (await listedIds(resolver, service)).length === 0);
});

test('a call carries a token that its callee believes, by the key that the registry leads to', async () => {
  const [caller, callee, stranger] = [newService(), newService(), newService()];
  const tokens = await newIssuer(caller);
  const keys = await startService((_request, response) => {
    const body = JSON.stringify(tokens.publicJwks());
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await registered(caller, keys.url);
  let authorization: string | undefined;
  const http = await startService((request, response) => {
    ({ authorization } = request.headers);
    response.writeHead(204).end();
  });
  await registered(callee, http.url);
  const resolver = startResolver(redis);
  await createServiceClient({ resolver, tokens }).call(callee, { method: 'GET', path: '/' });

  const token = authorization?.replace('Bearer ', '');
  const { keysOf } = createServiceKeys({ resolver });
  const verify = (service: string, allow: string[]) =>
    createServiceTokenVerifier({ service, keysOf }).verify(token, { allow });
  expect(await verify(callee, [caller])).toEqual({ service: caller });
  await expect(verify(callee, [stranger])).rejects.toMatchObject({ code: 'SERVICE_NOT_ALLOWED' });
  await expect(verify(stranger, [caller])).rejects.toMatchObject({ code: 'SERVICE_TOKEN_INVALID' });
});

async function newIssuer(service: string) {
  return createServiceTokenIssuer({ service, privateJwk: await generateServiceKey() });
}
