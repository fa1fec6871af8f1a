import { defineScript, isReadOnlyError } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { connect, unavailable } from './connect.ts';

const server = await startTestRedis();

describe('a connection', () => {
  test('lets errors that Redis answers through, without their arguments, and stays closed', async () => {
    const redis = connect(server.url);
    await redis.ready();
    await redis.run((client) => client.set('text', 'x'));
    for (let i = 0; i < 5; i += 1) {
      const error: unknown = await redis
        .run((client) => client.lpush('text', 'private'))
        .catch((reason: unknown) => reason);
      expect(String(error)).toContain('WRONGTYPE');
      expect(JSON.stringify(error)).not.toContain('private');
    }
    expect(redis.breaker.state).toBe('closed');
  });

  test('tells a read-only server from one that is away, and goes on reading from it', async () => {
    const replica = await startTestRedis({ settings: { replicaof: '127.0.0.1 1' } });
    const redis = connect(replica.url);
    await redis.ready();
    for (let i = 0; i < 5; i += 1) {
      const error: unknown = await redis
        .run((client) => client.set('x', '1'))
        .catch((reason: unknown) => reason);
      expect(isReadOnlyError(error)).toBe(true);
    }
    expect(await redis.run((client) => client.get('x'))).toBeNull();
  });

  test('turns a full server into REDIS_UNAVAILABLE for writes and goes on reading from it', async () => {
    const full = await startTestRedis({ maxmemory: '1mb' });
    const redis = connect(full.url);
    await redis.ready();
    const write = (key: string) => redis.run((client) => client.set(key, 'x'.repeat(300_000)));
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(write));
    for (let i = 0; i < 5; i += 1) {
      await expect(write(`further:${i}`)).rejects.toMatchObject(unavailable);
    }
    expect(redis.breaker.state).toBe('closed');
    expect(await redis.run((client) => client.get('absent'))).toBeNull();
  });

  test('counts a server without its master as away', async () => {
    const orphan = await startTestRedis({
      settings: { replicaof: '127.0.0.1 1', 'replica-serve-stale-data': 'no' },
    });
    const redis = connect(orphan.url);
    await redis.ready();
    for (let i = 0; i < 3; i += 1) {
      await expect(redis.run((client) => client.get('x'))).rejects.toMatchObject(unavailable);
    }
    expect(redis.breaker.state).toBe('open');
  });
});

describe('a script', () => {
  test('runs on a server that knows it, and on one that has forgotten it', async () => {
    const redis = connect(server.url);
    await redis.ready();
    const script = defineScript({
      name: 'join',
      lua: "return KEYS[1] .. ':' .. ARGV[1] .. ':' .. ARGV[2]",
    });
    const join = () => redis.run((client) => script.run(client, ['key'], ['a', 7]));
    expect(await join()).toBe('key:a:7');
    expect(await join()).toBe('key:a:7');
    await redis.run((client) => client.script('FLUSH'));
    expect(await join()).toBe('key:a:7');
  });

  test('passes its own error through', async () => {
    const redis = connect(server.url);
    await redis.ready();
    const script = defineScript({ name: 'bad', lua: "return redis.error_reply('MINE no')" });
    await expect(redis.run((client) => script.run(client, [], []))).rejects.toThrow('MINE no');
  });
});
