import { fileURLToPath } from 'node:url';
import type { EphemeralServer } from '@shortstack/servers';
import {
  createFaultProxy,
  type FaultProxy,
  type PortClaim,
  startTestRedis,
} from '@shortstack/testing';
import { aclFile, type PasswordOf } from '../../redis/src/acl-file.ts';
import { type RedisName, redisNames } from '../../redis/src/redis-users.ts';
import { jobsRedis } from '../../services/src/services.ts';

const configFiles: Partial<Record<string, { config: string }>> = jobsRedis;

/** One Redis server that the test may take away and give back, on the same port. */
export interface StackRedis
  extends Pick<EphemeralServer, 'kill' | 'restart' | 'suspend' | 'resume'> {
  /** Of the user `admin`. */
  readonly url: string;
  /** Where the services find it: its own port, or that of the proxy before it. */
  readonly servicesPort: number;
  /** Only of a server that was to stand behind one. */
  readonly proxy: FaultProxy | undefined;
  /** It and its data are gone, as in a crash that loses the disk. Resolves when they are. */
  destroy(): Promise<void>;
  /** Starts it again after `destroy`, empty. */
  startEmpty(): Promise<void>;
}

export function redisPassword(...[server, user]: Parameters<PasswordOf>): string {
  return `test-${server}-${user}`;
}

/** Starts every server, each with the configuration and the users of its role, and proxies before those named. */
export async function startRedisServers(
  ports: PortClaim,
  behindProxy: readonly string[],
): Promise<Record<RedisName, StackRedis>> {
  const servers = await Promise.all(
    redisNames.map((name) => startRedisServer(name, ports.next(), behindProxy.includes(name))),
  );
  return Object.fromEntries(servers.map((server, index) => [redisNames[index], server])) as Record<
    RedisName,
    StackRedis
  >;
}

async function startRedisServer(
  name: RedisName,
  port: number,
  hasProxy: boolean,
): Promise<StackRedis> {
  const start = (): Promise<EphemeralServer> =>
    startTestRedis({
      port,
      username: 'admin',
      password: redisPassword(name, 'admin'),
      configFile: fileURLToPath(
        new URL(`../../redis/${configFiles[name]?.config ?? `${name}.conf`}`, import.meta.url),
      ),
      // DEBUG for faults that nothing else can bring about.
      settings: { user: userLines(name), 'enable-debug-command': 'local' },
    });
  let server = await start();
  const proxy = hasProxy ? await createFaultProxy({ targetPort: port }) : undefined;
  return {
    url: server.url,
    servicesPort: proxy?.port ?? port,
    proxy,
    kill: () => server.kill(),
    restart: () => server.restart(),
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

/** The same address with another port. */
export function onPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}
