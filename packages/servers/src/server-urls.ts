import type { RedisCredentials } from './server-options.ts';

export function redisUrl(port: number, { username = '', password }: RedisCredentials): string {
  const user = password ? `${username}:${encodeURIComponent(password)}@` : '';
  return `redis://${user}127.0.0.1:${port}`;
}

export function postgresUrl(port: number, password: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}
