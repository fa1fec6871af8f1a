/**
 * A program for tests: starts a Redis and a PostgreSQL server, in the directory given as argument or
 * ephemeral ones, writes their process ids to standard output, and waits to be ended.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres, startRedis } from '../src/index.ts';

const [directory] = process.argv.slice(2);
const place = (name: string) =>
  directory ? { dataDirectory: join(directory, name) } : { ephemeral: true as const };
const servers = await Promise.all([
  startRedis(place('redis')),
  startPostgres({ ...place('postgres'), password: 'test' }),
]);
process.stdin.once('data', () => process.exit());
process.stdout.write(`${JSON.stringify(servers.map(({ pid }) => pid))}\n`);
await pause(60_000);
