import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from './parse-redis-url.ts';

describe('a Redis URL', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://10.0.0.7:6380/2', { host: '10.0.0.7', port: 6380, db: 2 }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, db: 0 }],
    [
      'redis://:s%40cret@h',
      { host: 'h', port: 6379, db: 0, username: 'default', password: 's@cret' },
    ],
    ['redis://create:pw@h', { host: 'h', port: 6379, db: 0, username: 'create', password: 'pw' }],
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: { servername: 'h' } }],
    ['rediss://10.0.0.7', { host: '10.0.0.7', port: 6379, db: 0, tls: {} }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock', db: 0 }],
    [
      'unix:///run/redis.sock?db=1&username=a&password=b%2Fc',
      { path: '/run/redis.sock', db: 1, username: 'a', password: 'b/c' },
    ],
  ])('%s says where to connect', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  test('takes a certificate authority for TLS', () => {
    expect(parseRedisUrl('rediss://h', 'PEM').tls).toEqual({ servername: 'h', ca: 'PEM' });
  });

  test.each(['http://h', 'localhost:6379', '', 'redis://', 'redis://h/secret'])(
    '%s is refused, and not repeated in the message',
    (url) => {
      const parse = () => parseRedisUrl(url);
      expect(parse).toThrow(expect.objectContaining({ code: 'REDIS_URL_INVALID' }));
      expect(parse).not.toThrow(/secret/);
    },
  );
});
