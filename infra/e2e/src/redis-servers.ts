import { fileURLToPath } from 'node:url';
import type { EphemeralServer } from '@shortstack/servers';
import { createFaultProxy, type FaultProxy, startTestRedis } from '@shortstack/testing';
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
export interface StackRedis
  extends Pick<EphemeralServer, 'url' | 'kill' | 'restart' | 'suspend' | 'resume'> {
  /** Where the services find it: `url`, or that of the proxy before it. */
  readonly servicesUrl: string;
  /** Only of a server that was to stand behind one. */
  readonly proxy: FaultProxy | undefined;
  /** It and its data are gone, as in a crash that loses the disk. Resolves when they are. */
  destroy(): Promise<void>;
  /** Starts it again after `destroy`, empty. */
  startEmpty(): Promise<void>;
}

/** Starts the six servers, each with the configuration of its role and a password, and proxies before those named. */
export async function startRedisServers(
  ports: PortClaim,
  behindProxy: readonly string[],
): Promise<Record<RedisName, StackRedis>> {
  const names = Object.keys(configFiles) as RedisName[];
  const servers = await Promise.all(
    names.map((name) => startRedisServer(name, ports.next(), behindProxy.includes(name))),
  );
  return Object.fromEntries(servers.map((server, index) => [names[index], server])) as Record<
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
      password: `test-${name}`,
      // For faults that only DEBUG can bring about.
      settings: { 'enable-debug-command': 'local' },
      configFile: fileURLToPath(new URL(`../../redis/${configFiles[name]}`, import.meta.url)),
    });
  let server = await start();
  const proxy = hasProxy ? await createFaultProxy({ targetPort: port }) : undefined;
  return {
    url: server.url,
    servicesUrl: onPort(server.url, proxy?.port ?? port),
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

/** The same address with another port. */
export function onPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}
