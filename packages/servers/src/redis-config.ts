/** Settings as in redis.conf; several values for one name become several lines. */
export type RedisSettings = Readonly<Record<string, string | number | readonly string[]>>;

/** The lines of a redis.conf. Values stand as they would in the file, so they may hold several words. */
export function redisConfig(settings: RedisSettings): string {
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
