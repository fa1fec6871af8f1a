import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from './parse-redis-url.ts';

const tls = { ca: 'CA', cert: 'CERT', key: 'KEY' };
const login = { username: 'create', password: 'pw' };

describe('a Redis URL', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://10.0.0.7:6380/2', { host: '10.0.0.7', port: 6380, db: 2 }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, db: 0 }],
    [
      'redis://:s%40cret@h',
      { host: 'h', port: 6379, db: 0, username: 'default', password: 's@cret' },
    ],
    ['redis://create:pw@h', { host: 'h', port: 6379, db: 0, ...login }],
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: { servername: 'h' } }],
    ['rediss://10.0.0.7', { host: '10.0.0.7', port: 6379, db: 0, tls: {} }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock', db: 0 }],
    [
      'unix:///run/redis.sock?db=1&username=a&password=b%2Fc',
      { path: '/run/redis.sock', db: 1, username: 'a', password: 'b/c' },
    ],
  ])('%s names a server', (url, options) => {
    expect(parseRedisUrl({ url })).toEqual({ kind: 'server', options });
  });

  test('names a Cluster by several of its nodes', () => {
    expect(parseRedisUrl({ url: 'redis+cluster://create:pw@a,[::1]:7001,10.0.0.7:7002' })).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 6379 },
        { host: '::1', port: 7001 },
        { host: '10.0.0.7', port: 7002 },
      ],
      options: login,
    });
    expect(parseRedisUrl({ url: 'rediss+cluster://a', tls }).options).toEqual({ tls });
  });

  test('names a master by its Sentinels', () => {
    const url = 'redis+sentinel://create:pw@a,b:5000/3?master=main';
    const sentinels = [
      { host: 'a', port: 26379 },
      { host: 'b', port: 5000 },
    ];
    const options = { ...login, db: 3, sentinels, name: 'main' };
    expect(parseRedisUrl({ url, tls })).toEqual({ kind: 'sentinel', options });
    expect(
      parseRedisUrl({ url: `${url.replace('redis', 'rediss')}&sentinelPassword=s%26t`, tls }),
    ).toEqual({
      kind: 'sentinel',
      options: {
        ...options,
        sentinelUsername: 'default',
        sentinelPassword: 's&t',
        tls,
        sentinelTLS: tls,
        enableTLSForSentinelMode: true,
      },
    });
  });

  test('takes certificates for TLS, and no others', () => {
    expect(parseRedisUrl({ url: 'rediss://h', tls }).options.tls).toEqual({
      ...tls,
      servername: 'h',
    });
    const named = { ...tls, servername: 'other' };
    expect(parseRedisUrl({ url: 'rediss://h', tls: named }).options.tls).toEqual(named);
    expect(parseRedisUrl({ url: 'redis://h', tls }).options).not.toHaveProperty('tls');
  });

  test.each([
    'http://h',
    'localhost:6379',
    '',
    'redis://',
    'redis://h/secret',
    'redis://a,b',
    'redis://:sec%ret@h',
    'redis+cluster://a,',
    'redis+cluster://a/1',
    'redis+sentinel://a,b:secret?master=main',
    'redis+sentinel://a:26379/0',
    'unix+cluster:///secret',
  ])('%s is refused, and not repeated in the message', (url) => {
    const parse = () => parseRedisUrl({ url });
    expect(parse).toThrow(expect.objectContaining({ code: 'REDIS_URL_INVALID' }));
    expect(parse).not.toThrow(/secret/);
  });
});
