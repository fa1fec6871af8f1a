import { isIP } from 'node:net';
import { AppError } from '@shortstack/errors';
import type { RedisOptions } from 'ioredis';

/**
 * Turns a Redis URL into where and as whom to connect:
 * `redis://user:password@host:6379/0`, `rediss://…` (TLS, the host's name is checked against its certificate),
 * `unix:///run/redis.sock?db=0&username=…&password=…`. Anything else throws an `AppError` of kind
 * `invalid`, code `REDIS_URL_INVALID`, which doesn't repeat the URL since that may hold a password.
 */
export function parseRedisUrl(text: string, ca?: string): RedisOptions {
  if (!URL.canParse(text)) throw invalidUrl('must begin with redis://, rediss:// or unix://');
  const url = new URL(text);
  switch (url.protocol) {
    case 'redis:':
      return networkTarget(url);
    case 'rediss:':
      return { ...networkTarget(url), tls: tlsOptions(hostOf(url), ca) };
    case 'unix:':
      return socketTarget(url);
    default:
      throw invalidUrl('must begin with redis://, rediss:// or unix://');
  }
}

function networkTarget(url: URL): RedisOptions {
  return {
    host: hostOf(url),
    port: Number(url.port || 6379),
    db: databaseOf(url.pathname.slice(1)),
    ...credentials(url.username, url.password),
  };
}

function socketTarget(url: URL): RedisOptions {
  const query = url.searchParams;
  return {
    path: decodeURIComponent(url.pathname),
    db: databaseOf(query.get('db') ?? ''),
    ...credentials(query.get('username') ?? '', query.get('password') ?? ''),
  };
}

function hostOf(url: URL): string {
  if (url.hostname === '') throw invalidUrl('must name a host');
  return url.hostname.replace(/^\[|\]$/g, '');
}

function credentials(username: string, password: string): RedisOptions {
  if (password === '') return {};
  return {
    username: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password),
  };
}

function databaseOf(text: string): number {
  if (!/^\d*$/.test(text)) throw invalidUrl('must end in the number of a database, or nothing');
  return Number(text);
}

function tlsOptions(host: string, ca: string | undefined): NonNullable<RedisOptions['tls']> {
  return {
    // An IP address is no valid server name (RFC 6066); Node then checks the certificate's addresses.
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function invalidUrl(fault: string): AppError {
  return new AppError('invalid', 'REDIS_URL_INVALID', `A Redis URL ${fault}.`);
}
