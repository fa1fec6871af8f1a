import { until } from '@shortstack/testing';
import { redisCommand } from '../redis-command.ts';
import type { StackRedis } from '../redis-servers.ts';
import type { OwnPostgres } from '../stack-database.ts';

/** What can happen to a server, and how it ends. */
export interface Fault {
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

export type FaultName = 'killed' | 'hung' | 'cut off' | 'full' | 'read-only' | 'loading';
type RedisFault = 'killed' | 'hung' | 'cut off' | 'full';

/**
 * The faults of a Redis server: killed (SIGKILL; comes back with what it had stored), hung (SIGSTOP), cut off (connections are
 * reset and new ones refused, while the server lives on), full (`maxmemory`: every write is answered with OOM).
 */
export function redisFaults(server: StackRedis): Record<RedisFault, Fault> {
  const { proxy } = server;
  if (!proxy) throw new Error('It does not stand behind a proxy.');
  const setMaxmemory = (bytes: string) =>
    redisCommand(server.url, 'CONFIG', 'SET', 'maxmemory', bytes);
  let usualMaxmemory = '0';
  return {
    killed: { begin: () => server.kill(), end: () => server.restart() },
    hung: { begin: () => server.suspend(), end: () => server.resume() },
    'cut off': { begin: () => proxy.cut(), end: () => proxy.heal() },
    full: {
      async begin() {
        const reply = await redisCommand(server.url, 'CONFIG', 'GET', 'maxmemory');
        usualMaxmemory = (reply as string[])[1] ?? '0';
        await setMaxmemory('1');
      },
      end: () => setMaxmemory(usualMaxmemory),
    },
  };
}

/** As a replica whose master is away, which serves what it has. */
export function readOnly({ url }: StackRedis): Fault {
  return {
    begin: () => redisCommand(url, 'REPLICAOF', '127.0.0.1', '1'),
    end: () => redisCommand(url, 'REPLICAOF', 'NO', 'ONE'),
  };
}

/** As after a start, with so much data that loading takes until the fault ends. Needs `enable-debug-command`. */
export function loading({ url }: StackRedis): Fault {
  let loaded: Promise<unknown>;
  return {
    async begin() {
      await redisCommand(url, 'DEBUG', 'POPULATE', 10_000, 'filler');
      const slowly = ['key-load-delay', 2_000, 'loading-process-events-interval-bytes', 1_024];
      await redisCommand(url, 'CONFIG', 'SET', ...slowly);
      loaded = redisCommand(url, 'DEBUG', 'RELOAD');
      loaded.catch(() => {});
      await until(() =>
        redisCommand(url, 'PING').then(
          () => false,
          () => true,
        ),
      );
    },
    async end() {
      await redisCommand(url, 'CONFIG', 'SET', 'key-load-delay', 0);
      await loaded;
    },
  };
}

/** The same of PostgreSQL, which can't be filled by a setting. */
export function postgresFaults(server: OwnPostgres): Record<Exclude<RedisFault, 'full'>, Fault> {
  const { proxy } = server;
  if (!proxy) throw new Error('It does not stand behind a proxy.');
  return {
    killed: { begin: () => server.kill(), end: () => server.start() },
    hung: { begin: () => server.suspend(), end: () => server.resume() },
    'cut off': { begin: () => proxy.cut(), end: () => proxy.heal() },
  };
}
