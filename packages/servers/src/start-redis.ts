import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { awaitRedis } from './await-redis.ts';
import { createEphemeralDirectory, removeDirectory } from './ephemeral-directory.ts';
import { findRedisServer } from './find-redis-server.ts';
import { onFreePort } from './free-port.ts';
import { redisConfig } from './redis-config.ts';
import { redisPlace } from './redis-place.ts';
import { type RedisServer, runningServer } from './running-server.ts';
import type { RedisOptions, ServerPlace } from './server-options.ts';
import { spawnServer } from './server-process.ts';
import { redisUrl } from './server-urls.ts';
import { findLeftover } from './stop-leftover.ts';

export type StartRedisOptions = ServerPlace &
  RedisOptions & {
    /** Appended to. Default: `redis.log` in the data directory. */
    logFile?: string;
  };

/**
 * Starts `redis-server` (or `valkey-server`) on 127.0.0.1 and resolves once it answers and has loaded its
 * data: about 50 ms. The terminal's Ctrl-C does not reach it. Rejects, with the end of the server's log,
 * if it ends or is not ready within 60 s; and at once if a server already runs on the data directory
 * (see `stopLeftover`).
 */
export async function startRedis(options: StartRedisOptions): Promise<RedisServer> {
  const command = await findRedisServer();
  if (options.dataDirectory) return startIn(resolve(options.dataDirectory), command, options);
  const directory = await createEphemeralDirectory();
  try {
    return await startIn(directory, command, options);
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
}

async function startIn(
  directory: string,
  command: string,
  options: StartRedisOptions,
): Promise<RedisServer> {
  await mkdir(directory, { recursive: true });
  const leftover = await findLeftover(directory);
  if (leftover) {
    throw new Error(`A Redis server (process ${leftover.pid}) already runs on ${directory}.`);
  }
  const { ephemeral = false } = options;

  const start = async (port: number): Promise<RedisServer> => {
    const server = await spawnServer({
      command,
      args: ['-'],
      directory,
      logFile: options.logFile ?? join(directory, 'redis.log'),
      input: await redisConfig(options, redisPlace(directory, port), { ephemeral }),
      // SIGTERM shuts down cleanly, within a tenth of a second; data that goes anyway need not wait.
      stopSignal: ephemeral ? 'SIGKILL' : 'SIGTERM',
    });
    await awaitRedis(server, port, options);
    return runningServer(server, {
      url: redisUrl(port, options),
      port,
      ephemeralDirectory: ephemeral ? directory : undefined,
    });
  };
  return options.port === undefined ? onFreePort(start) : start(options.port);
}
