import { type RedisServer, startRedis } from '@shortstack/servers';
import { closeAfterFile } from './close-after-file.ts';

export interface TestRedisOptions {
  /** One of `infra/redis/*.conf`, for tests that depend on the policy of a role. Default: nothing is persisted. */
  configFile?: string;
  /** Default: none. */
  password?: string;
  /** Default: a free one. To come back on the same port after a kill, name that one. */
  port?: number;
  /** Such as `32mb`. */
  maxmemory?: string;
  /** Further lines of redis.conf. */
  settings?: Readonly<Record<string, string | number | readonly string[]>>;
}

/**
 * Starts an empty Redis server of the caller's own on a free port (about 50 ms). It is stopped, and its
 * data removed, when the test file ends; `stop()` may be called earlier.
 */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis({ ...options, ephemeral: true });
  closeAfterFile(() => server.stop());
  return server;
}
