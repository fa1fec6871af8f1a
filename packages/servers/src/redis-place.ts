import { join } from 'node:path';
import { quoted } from './redis-config.ts';
import type { RedisSettings } from './server-options.ts';
import { directoryMark } from './stop-leftover.ts';

/** Where a server listens and keeps its data, and how to recognise it. */
export function redisPlace(directory: string, port: number): RedisSettings {
  return {
    bind: '127.0.0.1',
    port,
    daemonize: 'no',
    dir: quoted(directory),
    pidfile: quoted(join(directory, 'redis.pid')),
    // Tells a person who reads `ps`, and `stopLeftover`, which of several servers this one is.
    'proc-title-template': quoted(
      `{title} {listen-addr} {server-mode} ${directoryMark(directory).replace(/[{}]/g, '_')}`,
    ),
  };
}
