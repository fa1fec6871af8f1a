import { connectPostgres } from '../connect-postgres.ts';
import { onFreePort } from '../free-port.ts';
import { LOCALE_ARGUMENTS, NOT_SYNCED, postgresArguments } from '../postgres-defaults.ts';
import { redisConfig } from '../redis-config.ts';
import { hasLoaded, redisInfo } from '../redis-info.ts';
import type { RedisOptions } from '../server-options.ts';
import { postgresUrl, redisUrl } from '../server-urls.ts';
import type { EphemeralPostgresOptions, EphemeralServer, Servers } from '../servers.ts';
import { type ContainerRuntime, openContainerRuntime } from './container-runtime.ts';
import { startContainerServer } from './container-server.ts';

const REDIS_IMAGE = 'redis:8-trixie';
const POSTGRES_IMAGE = 'postgres:17-trixie';

/** Servers in containers of their own. Rejects with `DockerUnavailable` when Docker can't get the images. */
export async function openDockerServers(description: string): Promise<Servers> {
  const runtime = await openContainerRuntime([REDIS_IMAGE, POSTGRES_IMAGE]);
  const started: EphemeralServer[] = [];
  const add = async (
    wantedPort: number | undefined,
    start: (port: number) => Promise<EphemeralServer>,
  ): Promise<EphemeralServer> => {
    const server = await (wantedPort === undefined ? onFreePort(start) : start(wantedPort));
    started.push(server);
    return server;
  };
  return {
    backend: 'docker',
    description,
    startRedis: (options = {}) =>
      add(options.port, (port) => startRedisContainer(runtime, options, port)),
    startPostgres: (options) =>
      add(options.port, (port) => startPostgresContainer(runtime, options, port)),
    async close() {
      await Promise.all(started.splice(0).map((server) => server.stop()));
    },
  };
}

async function startRedisContainer(
  runtime: ContainerRuntime,
  options: RedisOptions,
  port: number,
): Promise<EphemeralServer> {
  const containerPort = 6379;
  const path = 'etc/redis.conf';
  const place = {
    // Of the container, whose port is published on 127.0.0.1.
    bind: '* -::*',
    'protected-mode': 'no',
    port: containerPort,
    daemonize: 'no',
    dir: '/data',
  };
  return startContainerServer(runtime, {
    name: 'Redis',
    image: REDIS_IMAGE,
    command: ['redis-server', `/${path}`],
    file: { path, content: await redisConfig(options, place, { ephemeral: true }) },
    containerPort,
    port,
    url: redisUrl(port, options),
    isReady: async () => hasLoaded(await redisInfo(port, options)),
  });
}

async function startPostgresContainer(
  runtime: ContainerRuntime,
  { password, settings = {} }: EphemeralPostgresOptions,
  port: number,
): Promise<EphemeralServer> {
  const url = postgresUrl(port, password);
  const path = 'etc/postgres-password';
  return startContainerServer(runtime, {
    name: 'PostgreSQL',
    image: POSTGRES_IMAGE,
    command: ['postgres', ...postgresArguments({ ...NOT_SYNCED, ...settings })],
    environment: [
      `POSTGRES_PASSWORD_FILE=/${path}`,
      `POSTGRES_INITDB_ARGS=${[...LOCALE_ARGUMENTS, '--no-sync'].join(' ')}`,
    ],
    file: { path, content: password },
    containerPort: 5432,
    port,
    url,
    isReady: () => canConnect(url),
  });
}

async function canConnect(url: string): Promise<boolean> {
  try {
    await connectPostgres(url);
    return true;
  } catch {
    return false;
  }
}
