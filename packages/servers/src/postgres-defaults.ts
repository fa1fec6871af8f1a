import type { PostgresSettings } from './server-options.ts';

/** UTF-8, and an order of strings (code points) that is the same on every system. */
export const LOCALE_ARGUMENTS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/** For data that may be lost with the machine. What is committed still outlives a crash of the server. */
export const NOT_SYNCED: PostgresSettings = { fsync: 'off', full_page_writes: 'off' };

/** The arguments of `postgres` for these parameters. Times are in UTC unless they say otherwise. */
export function postgresArguments(settings: PostgresSettings): string[] {
  const all = { timezone: 'UTC', log_timezone: 'UTC', ...settings };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
