import { fileURLToPath } from 'node:url';
import type { EphemeralServer } from '@shortstack/servers';
import { startTestRedis } from '@shortstack/testing';
import { aclFile, type PasswordOf } from '../../redis/src/acl-file.ts';
import { type RedisName, redisNames } from '../../redis/src/redis-users.ts';
import type { PortClaim } from './claim-ports.ts';

const configFiles: Record<RedisName, string> = {
  session: 'session.conf',
  hub: 'hub.conf',
  cache: 'cache.conf',
  'jobs-create': 'jobs.conf',
  'jobs-redirect': 'jobs-redirect.conf',
  'jobs-worker': 'jobs.conf',
};

/** One Redis server that the test may take away and give back, on the same port. */
export interface StackRedis extends Pick<EphemeralServer, 'port' | 'suspend' | 'resume'> {
  /** Of the user `admin`. */
  url: string;
  /** It and its data are gone, as in a crash that loses the disk. Resolves when they are. */
  destroy(): Promise<void>;
  /** Starts it again after `destroy`, empty. */
  startEmpty(): Promise<void>;
}

export function redisPassword(...[server, user]: Parameters<PasswordOf>): string {
  return `test-${server}-${user}`;
}

/** Starts the six servers, each with the configuration and the users of its role. */
export async function startRedisServers(ports: PortClaim): Promise<Record<RedisName, StackRedis>> {
  const servers = await Promise.all(redisNames.map((name) => startRedisServer(name, ports.next())));
  return Object.fromEntries(servers.map((server, index) => [redisNames[index], server])) as Record<
    RedisName,
    StackRedis
  >;
}

async function startRedisServer(name: RedisName, port: number): Promise<StackRedis> {
  const start = (): Promise<EphemeralServer> =>
    startTestRedis({
      port,
      username: 'admin',
      password: redisPassword(name, 'admin'),
      configFile: fileURLToPath(new URL(`../../redis/${configFiles[name]}`, import.meta.url)),
      settings: { user: userLines(name) },
    });
  let server = await start();
  return {
    url: server.url,
    port,
    suspend: () => server.suspend(),
    resume: () => server.resume(),
    destroy: () => server.stop(),
    async startEmpty() {
      server = await start();
    },
  };
}

/** The ACL file as lines of a redis.conf: a server in a container sees no file of this machine. */
function userLines(name: RedisName): string[] {
  const lines = aclFile(name, redisPassword).trimEnd().split('\n');
  return lines.map((line) => line.replace(/^user /, ''));
}
