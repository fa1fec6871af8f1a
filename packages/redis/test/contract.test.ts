import { connectRedis, defineScript, openSubscriber } from '@shortstack/redis';
import { startTestTopology, until } from '@shortstack/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unavailable } from './connect.ts';

const { connection } = await startTestTopology();

async function connected(options: { preset?: 'fail-fast' | 'patient' } = {}) {
  const redis = connectRedis({ ...connection, name: 'contract', ...options });
  onTestFinished(() => redis.close());
  await redis.ready();
  return redis;
}

/** Enough keys to lie on each node of a Cluster. */
const keys = Array.from({ length: 30 }, (_, index) => `contract:${index}`);

describe('a connection', () => {
  test('reads and writes at once when it is ready, whatever the keys', async () => {
    const redis = await connected();
    await Promise.all(
      keys.map((key) => redis.run((client) => client.set(key, `of ${key}`, 'EX', 60))),
    );
    const read = await Promise.all(keys.map((key) => redis.run((client) => client.get(key))));
    expect(read).toEqual(keys.map((key) => `of ${key}`));
  });

  test('answers a probe', async () => {
    for (const preset of ['fail-fast', 'patient'] as const) {
      const redis = await connected({ preset });
      await expect(redis.probe()).resolves.toBeUndefined();
    }
  });

  test('refuses at once before it is connected and after it was closed', async () => {
    const redis = connectRedis({ ...connection, name: 'contract' });
    await expect(redis.run((client) => client.get('x'))).rejects.toMatchObject(unavailable);
    await redis.ready();
    await redis.close();
    await expect(redis.run((client) => client.get('x'))).rejects.toMatchObject(unavailable);
  });

  test('waits before it is connected, if patient', async () => {
    const redis = connectRedis({ ...connection, name: 'contract', preset: 'patient' });
    onTestFinished(() => redis.close());
    expect(await redis.run((client) => client.set('contract:patient', '1', 'EX', 60))).toBe('OK');
  });

  test('can be closed twice, and before it is ready', async () => {
    const redis = connectRedis({ ...connection, name: 'contract' });
    await redis.close();
    await expect(redis.close()).resolves.toBeUndefined();
  });

  test('lets errors that Redis answers through and stays closed', async () => {
    const redis = await connected();
    await redis.run((client) => client.set('contract:text', 'x', 'EX', 60));
    for (let i = 0; i < 5; i += 1) {
      await expect(redis.run((client) => client.lpush('contract:text', 'y'))).rejects.toThrow(
        'WRONGTYPE',
      );
    }
    expect(redis.breaker.state).toBe('closed');
  });

  test('runs a transaction on the keys of one slot', async () => {
    const redis = await connected();
    const replies = await redis.run((client) =>
      client.multi().set('{contract}:a', '1', 'EX', 60).incr('{contract}:a').exec(),
    );
    expect(replies).toEqual([
      [null, 'OK'],
      [null, 2],
    ]);
  });

  test('lets a patient reader block', async () => {
    const reader = await connected({ preset: 'patient' });
    const writer = await connected();
    const item = reader.run((client) => client.blpop('contract:list', 5));
    await writer.run((client) => client.rpush('contract:list', 'job'));
    expect(await item).toEqual(['contract:list', 'job']);
  });
});

describe('a script', () => {
  const script = defineScript({
    name: 'greet',
    lua: "redis.call('SET', KEYS[1], ARGV[1], 'EX', 60) return redis.call('GET', KEYS[1])",
  });

  test('runs wherever its keys lie, also where it was forgotten', async () => {
    const redis = await connected();
    const runAll = () =>
      Promise.all(
        keys.map((key) => redis.run((client) => script.run(client, [`${key}:script`], ['hello']))),
      );
    expect(new Set(await runAll())).toEqual(new Set(['hello']));
    await redis.run((client) => client.script('FLUSH'));
    expect(new Set(await runAll())).toEqual(new Set(['hello']));
  });
});

describe('a subscriber', () => {
  test('hears what is published through any connection', async () => {
    const redis = await connected();
    const heard: string[] = [];
    let subscribed = 0;
    const close = openSubscriber(redis, {
      channel: 'contract:channel',
      onMessage: (message) => heard.push(message),
      onSubscribed: () => {
        subscribed += 1;
      },
    });
    onTestFinished(close);
    await until(() => subscribed === 1);
    await redis.run((client) => client.publish('contract:channel', 'news'));
    await until(() => heard.length > 0);
    expect(heard).toEqual(['news']);
  });
});
