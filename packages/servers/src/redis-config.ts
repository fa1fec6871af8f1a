import { readFile } from 'node:fs/promises';
import type { RedisOptions, RedisSettings } from './server-options.ts';

/**
 * The complete redis.conf of a server: the options' file, then where the server listens and keeps its data
 * (`place`), then the other options, the later lines winning.
 */
export async function redisConfig(
  { configFile, username, password, maxmemory, settings }: RedisOptions,
  place: RedisSettings,
  { ephemeral = false } = {},
): Promise<string> {
  const file = configFile ? await readFile(configFile, 'utf8') : '';
  const own = lines({
    ...place,
    ...(password && username === undefined && { requirepass: quoted(password) }),
    ...(maxmemory && { maxmemory }),
    ...settings,
  });
  return `${ephemeral ? 'save ""\n' : ''}${file}\n${own}`;
}

/** Values stand as they would in the file, so they may hold several words. */
function lines(settings: RedisSettings): string {
  return Object.entries(settings)
    .flatMap(([name, value]) =>
      (typeof value === 'object' ? value : [value]).map((one) => [name, one]),
    )
    .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
    .join('');
}

/** One word of a redis.conf, whatever characters are in it. */
export function quoted(text: string): string {
  if (/[\r\n]/.test(text)) throw new Error('A Redis setting may not contain a line break.');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
