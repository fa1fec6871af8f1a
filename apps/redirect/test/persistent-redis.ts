import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestRedis } from '@shortstack/testing';

/** A local Redis of redirect, with its production configuration, that can crash and come back with its data. */
export interface PersistentRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** On the same port and data directory. */
  restart(): Promise<void>;
}

/** It ends with the test file; `remove` is for afterwards. */
export async function startPersistentRedis(): Promise<
  PersistentRedis & { remove(): Promise<void> }
> {
  const directory = await mkdtemp(join(tmpdir(), 'redirect-redis-'));
  const start = (port?: number) =>
    startTestRedis({
      configFile: redisConfigFile('jobs-redirect'),
      settings: { dir: `"${directory}"` },
      ...(port === undefined ? {} : { port }),
    });
  let server = await start();
  const { url, port } = server;
  return {
    url,
    port,
    get pid() {
      return server.pid;
    },
    async kill() {
      server.kill('SIGKILL');
      await server.exited;
    },
    async restart() {
      server = await start(port);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The configuration that the Redis of a role runs with in production. */
export function redisConfigFile(role: 'session' | 'hub' | 'cache' | 'jobs-redirect'): string {
  return fileURLToPath(new URL(`../../../infra/redis/${role}.conf`, import.meta.url));
}
