import { fileURLToPath } from 'node:url';
import type { EphemeralServer } from '@shortstack/servers';
import { startTestRedis } from '@shortstack/testing';
import type { PortClaim } from './claim-ports.ts';

const configFiles = {
  session: 'session.conf',
  hub: 'hub.conf',
  cache: 'cache.conf',
  'jobs-create': 'jobs.conf',
  'jobs-redirect': 'jobs-redirect.conf',
  'jobs-worker': 'jobs.conf',
} as const;

export type RedisName = keyof typeof configFiles;

/** One Redis server that the test may take away and give back, on the same port. */
export interface StackRedis extends Pick<EphemeralServer, 'url' | 'suspend' | 'resume'> {
  /** It and its data are gone, as in a crash that loses the disk. Resolves when they are. */
  destroy(): Promise<void>;
  /** Starts it again after `destroy`, empty. */
  startEmpty(): Promise<void>;
}

/** Starts the six servers, each with the configuration of its role and a password. */
export async function startRedisServers(ports: PortClaim): Promise<Record<RedisName, StackRedis>> {
  const names = Object.keys(configFiles) as RedisName[];
  const servers = await Promise.all(names.map((name) => startRedisServer(name, ports.next())));
  return Object.fromEntries(servers.map((server, index) => [names[index], server])) as Record<
    RedisName,
    StackRedis
  >;
}

async function startRedisServer(name: RedisName, port: number): Promise<StackRedis> {
  const start = (): Promise<EphemeralServer> =>
    startTestRedis({
      port,
      password: `test-${name}`,
      configFile: fileURLToPath(new URL(`../../redis/${configFiles[name]}`, import.meta.url)),
    });
  let server = await start();
  return {
    url: server.url,
    suspend: () => server.suspend(),
    resume: () => server.resume(),
    destroy: () => server.stop(),
    async startEmpty() {
      server = await start();
    },
  };
}
