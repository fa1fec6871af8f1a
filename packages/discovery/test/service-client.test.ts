import type { RequestListener } from 'node:http';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import {
  createServiceClient,
  createServiceTokenIssuer,
  generateServiceKey,
  type ServiceClientOptions,
} from '../src/index.ts';
import {
  connectHub,
  describeInstance,
  register,
  startResolver,
  startService,
  type TestService,
  untilSubscribed,
} from './fixtures.ts';

/** Instances `a`, `b`, … of the worker, in this order, and a client that knows them. */
async function newClient(urls: readonly string[], options: Partial<ServiceClientOptions> = {}) {
  const redis = await connectHub((await startTestRedis()).url);
  for (const [i, url] of urls.entries()) {
    const id = String.fromCharCode(97 + i);
    const registered = register(redis, describeInstance('worker', url, { id }), {
      ttlSeconds: 60,
    });
    await until(() => registered.stats().beats > 0);
  }
  // Once subscribed it reads and probes no more: what drops an instance is the calls.
  const resolver = startResolver(redis, { refreshMs: 60_000 });
  await untilSubscribed(redis);
  const tokens = createServiceTokenIssuer({
    service: 'create',
    privateJwk: await generateServiceKey(),
  });
  return { resolver, tokens, client: createServiceClient({ resolver, tokens, ...options }) };
}

const hang: RequestListener = () => {};
const reset: RequestListener = (request) => request.socket.destroy();

async function startServices(...listeners: (RequestListener | undefined)[]) {
  const services: TestService[] = [];
  for (const listener of listeners) services.push(await startService(listener));
  return { services, urls: services.map((service) => service.url) };
}

test('a call carries a token for the callee and JSON in both directions', async () => {
  const { services, urls } = await startServices((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json; charset=utf-8' });
      const { authorization } = request.headers;
      response.end(JSON.stringify({ authorization, body: Buffer.concat(chunks).toString() }));
    });
  });
  const { client, tokens } = await newClient(urls);
  const answer = await client.call('worker', {
    method: 'POST',
    path: '/internal/code-blocks?count=2',
    body: { reason: 'low' },
  });
  expect(answer).toEqual({
    status: 201,
    body: {
      authorization: `Bearer ${await tokens.issue('worker')}`,
      body: '{"reason":"low"}',
    },
  });
  expect(services[0]?.requests).toEqual(['POST /internal/code-blocks?count=2']);
});

test('an answer is given back whatever its status, and text as text', async () => {
  const { urls } = await startServices((_request, response) => {
    response.writeHead(503, { 'content-type': 'text/plain' }).end('later');
  });
  const { client } = await newClient(urls);
  expect(await client.call('worker', { method: 'GET', path: '/' })).toEqual({
    status: 503,
    body: 'later',
  });
});

test('where no connection comes about another instance is tried, whatever the method', async () => {
  const { services, urls } = await startServices(undefined, undefined);
  services[0]?.close();
  const { client } = await newClient(urls);
  const answer = await client.call('worker', { method: 'POST', path: '/jobs', body: {} });
  expect(answer.status).toBe(200);
  expect(services[1]?.requests).toEqual(['POST /jobs']);
});

test('a broken connection is tried elsewhere only for a call that may be repeated', async () => {
  const { services, urls } = await startServices(reset, undefined);
  const { client } = await newClient(urls);
  const unavailable = { kind: 'unavailable', code: 'SERVICE_UNAVAILABLE' };
  const call = { method: 'POST', path: '/jobs' } as const;
  await expect(client.call('worker', call)).rejects.toMatchObject(unavailable);
  expect(services[1]?.requests).toEqual([]);

  const again = await newClient(urls);
  expect((await again.client.call('worker', { ...call, idempotent: true })).status).toBe(200);
  const third = await newClient(urls);
  expect((await third.client.call('worker', { method: 'GET', path: '/' })).status).toBe(200);
  expect(services[1]?.requests).toEqual(['POST /jobs', 'GET /']);
});

test('an instance that hangs costs one timeout, and is dropped after the second', async () => {
  const { services, urls } = await startServices(hang, undefined);
  const { client } = await newClient(urls, { timeoutMs: 100 });
  for (let i = 0; i < 8; i++) {
    expect((await client.call('worker', { method: 'GET', path: '/' })).status).toBe(200);
  }
  expect(services[0]?.requests).toHaveLength(2);
});

test('an answer whose body never ends is given up', async () => {
  const { urls } = await startServices((_request, response) => {
    response.writeHead(200).write('…');
  });
  const { client } = await newClient(urls, { timeoutMs: 100 });
  await expect(client.call('worker', { method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

test('an answer that is too long is refused', async () => {
  const { urls } = await startServices((_request, response) => {
    response.writeHead(200).end(Buffer.alloc(5 * 1024 * 1024));
  });
  const { client } = await newClient(urls);
  await expect(client.call('worker', { method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

test('a path can not lead the token to another host', async () => {
  const { services, urls } = await startServices(undefined, undefined);
  const { client } = await newClient(urls.slice(0, 1));
  await client.call('worker', { method: 'GET', path: `//127.0.0.1:${services[1]?.port}/x` });
  expect(services[1]?.requests).toEqual([]);
  expect(services[0]?.requests).toHaveLength(1);
});

test('without any instance, or with all of them gone, the service is unavailable', async () => {
  const unavailable = { kind: 'unavailable', code: 'SERVICE_UNAVAILABLE' };
  const { services, urls } = await startServices(undefined);
  const { client } = await newClient(urls);
  const call = { method: 'GET', path: '/' } as const;
  await expect(client.call('redirect', call)).rejects.toMatchObject(unavailable);
  services[0]?.close();
  await expect(client.call('worker', call)).rejects.toMatchObject(unavailable);
});

test('no more instances are tried than allowed', async () => {
  const { services, urls } = await startServices(reset, reset, undefined);
  const { client } = await newClient(urls, { attempts: 2 });
  await expect(client.call('worker', { method: 'GET', path: '/' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  expect(services.map((service) => service.requests.length)).toEqual([1, 1, 0]);
});
