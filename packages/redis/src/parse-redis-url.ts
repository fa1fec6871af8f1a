import { isIP } from 'node:net';
import { AppError } from '@shortstack/errors';
import type { RedisOptions } from 'ioredis';
import type { RedisTarget, RedisTls } from './redis-target.ts';

/** Where and as whom to connect, in ioredis's words. */
export type ParsedTarget =
  | { kind: 'server'; options: RedisOptions }
  | { kind: 'sentinel'; options: RedisOptions }
  | { kind: 'cluster'; nodes: { host: string; port: number }[]; options: RedisOptions };

const form = /^(redis|rediss|unix)(?:\+(cluster|sentinel))?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(.*)$/;
const schemes =
  'must begin with redis://, rediss://, unix://, redis+cluster://, rediss+cluster://, redis+sentinel:// or rediss+sentinel://';

/**
 * Turns a target (see `RedisTarget` for the forms of its URL) into where and as whom to connect. Throws an `AppError` of kind
 * `invalid`, code `REDIS_URL_INVALID`, which doesn't repeat the URL since that may hold a password.
 */
export function parseRedisUrl({ url: text, tls = {} }: RedisTarget): ParsedTarget {
  const [, scheme = '', topology, login = '', hostList = '', rest = ''] = form.exec(text) ?? [];
  if (scheme === '' || (scheme === 'unix' && topology)) throw invalidUrl(schemes);
  const secure = scheme === 'rediss';
  if (scheme === 'unix') return { kind: 'server', options: socketTarget(parse(text)) };

  const hosts = hostList.split(',').map(address(topology === 'sentinel' ? 26_379 : 6_379));
  const [first = { host: '', port: 0 }] = hosts;
  const url = parse(`redis://${login && `${login}@`}host${rest}`);
  const db = databaseOf(url.pathname.slice(1));
  const user = credentials(url.username, url.password);
  if (topology === 'cluster') {
    if (db !== 0) throw invalidUrl('of a Cluster names no database: it has only 0');
    return { kind: 'cluster', nodes: hosts, options: { ...user, ...(secure && { tls }) } };
  }
  if (topology === 'sentinel') {
    return {
      kind: 'sentinel',
      options: sentinelTarget(url, hosts, { db, ...user }, secure && tls),
    };
  }
  if (hosts.length > 1) throw invalidUrl('with several hosts must say +cluster or +sentinel');
  return {
    kind: 'server',
    options: { ...first, db, ...user, ...(secure && { tls: named(first.host, tls) }) },
  };
}

function sentinelTarget(
  url: URL,
  sentinels: { host: string; port: number }[],
  server: RedisOptions,
  tls: RedisTls | false,
): RedisOptions {
  const query = url.searchParams;
  const name = query.get('master');
  const sentinelPassword = query.get('sentinelPassword');
  if (!name) throw invalidUrl('of a Sentinel must say which master, as in ?master=name');
  return {
    ...server,
    sentinels,
    name,
    ...(sentinelPassword && {
      sentinelUsername: query.get('sentinelUsername') ?? 'default',
      sentinelPassword,
    }),
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

function socketTarget(url: URL): RedisOptions {
  const query = url.searchParams;
  return {
    path: decoded(url.pathname),
    db: databaseOf(query.get('db') ?? ''),
    ...credentials(query.get('username') ?? '', query.get('password') ?? ''),
  };
}

function address(defaultPort: number) {
  return (text: string): { host: string; port: number } => {
    const { hostname, port } = parse(`redis://${text}`);
    if (hostname === '') throw invalidUrl('must name a host');
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) };
  };
}

function credentials(username: string, password: string): RedisOptions {
  if (password === '') return {};
  return {
    username: decoded(username) || 'default',
    password: decoded(password),
  };
}

function databaseOf(text: string): number {
  if (!/^\d*$/.test(text)) throw invalidUrl('must end in the number of a database, or nothing');
  return Number(text);
}

/** An IP address is no valid server name (RFC 6066); Node then checks the certificate's addresses. */
function named(host: string, tls: RedisTls): RedisTls {
  return isIP(host) ? tls : { servername: host, ...tls };
}

function parse(text: string): URL {
  if (!URL.canParse(text))
    throw invalidUrl('must name hosts as in host:port, and percent-encode the rest');
  return new URL(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrl('must write % as %25');
  }
}

function invalidUrl(fault: string): AppError {
  return new AppError('invalid', 'REDIS_URL_INVALID', `A Redis URL ${fault}.`);
}
