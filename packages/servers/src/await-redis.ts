import { setTimeout as pause } from 'node:timers/promises';
import { PortTaken } from './free-port.ts';
import { hasLoaded, redisInfo } from './redis-info.ts';
import type { RedisCredentials } from './server-options.ts';
import type { ServerProcess } from './server-process.ts';
import { startFailure } from './start-failure.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 10;

/**
 * Resolves once the server answers on `port` and has loaded its data. Rejects with `PortTaken` or with
 * the end of the log if it ends before that, and kills it if that takes more than 60 s.
 */
export async function awaitRedis(
  server: ServerProcess,
  port: number,
  credentials: RedisCredentials,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(server.pid, port, credentials))) {
    if (server.exit) {
      const failure = startFailure('Redis', server.exit, await server.output());
      throw /address already in use/i.test(failure.message)
        ? new PortTaken(`Port ${port} is taken.`, { cause: failure })
        : failure;
    }
    if (Date.now() > deadline) {
      server.kill('SIGKILL');
      throw startFailure('Redis', await server.exited, await server.output());
    }
    await pause(POLL_MS);
  }
}

async function isReady(pid: number, port: number, credentials: RedisCredentials): Promise<boolean> {
  const info = await redisInfo(port, credentials);
  // Another server may have been faster to take the port: only the process itself will do.
  return info.includes(`process_id:${pid}\r\n`) && hasLoaded(info);
}
