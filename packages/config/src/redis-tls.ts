/** The TLS material of a process's settings, as a Redis client takes it. Without effect on URLs that don't use TLS. */
export function redisTls(config: {
  readonly REDIS_CA?: string;
  readonly REDIS_CERT?: string;
  readonly REDIS_KEY?: string;
}): { ca: string | undefined; cert: string | undefined; key: string | undefined } {
  return { ca: config.REDIS_CA, cert: config.REDIS_CERT, key: config.REDIS_KEY };
}
