import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectRedis, type RedisConnection } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { onTestFinished } from 'vitest';
import {
  createResolver,
  type InstanceToRegister,
  type RegisteredInstance,
  type RegisterInstanceOptions,
  type Resolver,
  type ResolverOptions,
  registerInstance,
} from '../src/index.ts';
import { registryKeys } from '../src/registry-keys.ts';

/** A connection to a hub that ends with the test. */
export async function connectHub(url: string): Promise<RedisConnection> {
  const redis = connectRedis({ url, name: 'hub' });
  onTestFinished(() => redis.close());
  await redis.ready();
  return redis;
}

export interface TestService {
  readonly url: string;
  readonly port: number;
  /** What `/readyz` answers. */
  readiness: number;
  /** Method and path of what was asked, without probes. */
  readonly requests: string[];
  close(): void;
}

/** A real HTTP server with `/readyz`, as every instance has one. It ends with the test. */
export async function startService(listener?: RequestListener): Promise<TestService> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') {
      response.writeHead(service.readiness).end();
      return;
    }
    requests.push(`${request.method} ${request.url}`);
    if (listener) listener(request, response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const service: TestService = {
    url: `http://127.0.0.1:${port}`,
    port,
    readiness: 200,
    requests,
    close,
  };
  return service;
}

let ids = 0;

export function describeInstance(
  service: string,
  url: string,
  rest: Partial<InstanceToRegister> = {},
): InstanceToRegister {
  const startedAt = new Date().toISOString();
  return { id: `i${++ids}`, service, process: 'http', url, version: '1.2.3', startedAt, ...rest };
}

/** Registers an instance that beats quickly. It leaves with the test. */
export function register(
  redis: RedisConnection,
  instance: InstanceToRegister,
  rest: Partial<RegisterInstanceOptions> = {},
): RegisteredInstance {
  const timing = { ttlSeconds: 0.6, heartbeatMs: 200 };
  const registered = registerInstance({ redis, instance, load: () => 0, ...timing, ...rest });
  onTestFinished(() => registered.close());
  return registered;
}

/** A resolver that refreshes quickly. It ends with the test. */
export function startResolver(
  redis: RedisConnection,
  rest: Partial<ResolverOptions> = {},
): Resolver {
  const timing = { refreshMs: 100, probeTimeoutMs: 300, keepMissingMs: 400 };
  const resolver = createResolver({ redis, ...timing, ...rest });
  onTestFinished(() => resolver.close());
  return resolver;
}

/** Waits for a resolver of this hub to listen to the registry's channel. */
export async function untilSubscribed(redis: RedisConnection): Promise<void> {
  await until(async () => {
    const [, subscribers] = await redis.client.pubsub('NUMSUB', registryKeys.channel);
    return Number(subscribers) === 1;
  });
}

export async function listedIds(resolver: Resolver, service?: string): Promise<string[]> {
  return (await resolver.list(service)).map((instance) => instance.id);
}

/** The ids that a service resolves to, `count` times in a row. */
export async function resolveIds(resolver: Resolver, service: string, count: number) {
  const found: string[] = [];
  for (let i = 0; i < count; i++) found.push((await resolver.resolve(service)).id);
  return found;
}
