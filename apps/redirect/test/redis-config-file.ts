import { fileURLToPath } from 'node:url';

/** The configuration that the Redis of a role runs with in production. */
export function redisConfigFile(role: 'session' | 'hub' | 'cache' | 'jobs-redirect'): string {
  return fileURLToPath(new URL(`../../../infra/redis/${role}.conf`, import.meta.url));
}
