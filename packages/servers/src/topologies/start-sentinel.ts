import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { awaitRedis } from '../await-redis.ts';
import { createEphemeralDirectory, removeDirectory } from '../ephemeral-directory.ts';
import { findRedisServer } from '../find-redis-server.ts';
import { onFreePort } from '../free-port.ts';
import { redisConfig } from '../redis-config.ts';
import { redisPlace } from '../redis-place.ts';
import { type RunningServer, runningServer } from '../running-server.ts';
import { spawnServer } from '../server-process.ts';
import { redisUrl } from '../server-urls.ts';

export interface StartSentinelOptions {
  /** What the master is called. */
  name: string;
  masterPort: number;
  masterPassword: string;
  /** How many Sentinels have to agree that the master is away. */
  quorum: number;
  /** After how long without an answer a Sentinel takes the master for away. */
  downAfterMs: number;
  /** Of the Sentinel itself. */
  password: string;
}

/** Starts a Sentinel on 127.0.0.1 and resolves once it answers; it goes with this process. */
export async function startSentinel(options: StartSentinelOptions): Promise<RunningServer> {
  const { name, masterPort, masterPassword, quorum, downAfterMs, password } = options;
  const command = await findRedisServer();
  return onFreePort(async (port) => {
    const directory = await createEphemeralDirectory();
    // Sentinel writes what it learns into its own configuration, so it needs a file.
    const configFile = join(directory, 'sentinel.conf');
    const config = await redisConfig(
      { password },
      {
        ...redisPlace(directory, port),
        sentinel: [
          `monitor ${name} 127.0.0.1 ${masterPort} ${quorum}`,
          `auth-pass ${name} ${masterPassword}`,
          `down-after-milliseconds ${name} ${downAfterMs}`,
          `failover-timeout ${name} 5000`,
          `sentinel-pass ${password}`,
        ],
      },
    );
    await writeFile(configFile, config, { mode: 0o600 });
    try {
      const server = await spawnServer({
        command,
        args: [configFile, '--sentinel'],
        directory,
        logFile: join(directory, 'redis.log'),
        stopSignal: 'SIGKILL',
      });
      await awaitRedis(server, port, { password });
      return runningServer(server, {
        url: redisUrl(port, { password }),
        port,
        ephemeralDirectory: directory,
      });
    } catch (error) {
      await removeDirectory(directory);
      throw error;
    }
  });
}
