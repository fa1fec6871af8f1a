import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { inspect } from 'node:util';
import { connectRedis } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, unavailable } from './connect.ts';

const server = await startTestRedis({ password: 'right' });

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work.catch(() => {});
  return performance.now() - start;
}

describe('a fail-fast connection', () => {
  test('runs commands once it is ready', async () => {
    const redis = connect(server.url);
    await redis.ready();
    await redis.run((client) => client.set('greeting', 'hello'));
    expect(await redis.run((client) => client.get('greeting'))).toBe('hello');
    await redis.probe();
  });

  test('refuses at once while it is not connected', async () => {
    const redis = connect('redis://127.0.0.1:1');
    const command = redis.run((client) => client.get('x'));
    expect(await elapsedMs(command)).toBeLessThan(50);
    await expect(command).rejects.toMatchObject(unavailable);
  });

  test('makes nobody wait longer than 250 ms for a server that hangs, has its breaker open within 1 s, and then makes nobody wait', async () => {
    const own = await startTestRedis();
    const redis = connect(own.url);
    await redis.ready();
    await own.suspend();
    let longestMs = 0;
    const measure = async () => {
      const waitMs = await elapsedMs(redis.run((client) => client.get('x')));
      longestMs = Math.max(longestMs, waitMs);
    };
    const start = performance.now();
    while (redis.breaker.state === 'closed') await measure();
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(longestMs).toBeLessThan(250);

    longestMs = 0;
    const end = performance.now() + 1_200;
    await until(async () => {
      await measure();
      return performance.now() > end;
    });
    expect(longestMs).toBeLessThan(100);

    await own.resume();
    await until(() => redis.breaker.state === 'closed', { deadlineMs: 4_000 });
    expect(await redis.run((client) => client.ping())).toBe('PONG');
  });

  test('takes a reply that came in time although this process stood still beyond the deadline', async () => {
    const redis = connect(server.url);
    await redis.ready();
    const reply = redis.run((client) => client.ping());
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    expect(await reply).toBe('PONG');
  });

  test('ends commands under way when the server is killed, opens its breaker without any traffic, and comes back by itself', async () => {
    const own = await startTestRedis();
    const redis = connect(own.url, { commandTimeoutMs: 5_000 });
    await redis.ready();
    await own.suspend();
    const underWay = redis.run((client) => client.get('x'));
    underWay.catch(() => {});
    await own.kill();
    await expect(underWay).rejects.toMatchObject(unavailable);
    await until(() => redis.breaker.state !== 'closed', { deadlineMs: 1_000 });
    await own.stop();

    await startTestRedis({ port: own.port });
    await until(() => redis.breaker.state === 'closed', { deadlineMs: 4_000 });
    expect(await redis.run((client) => client.ping())).toBe('PONG');
  });

  test('runs no command again that was under way when the connection broke', async () => {
    const redis = connect(server.url, { commandTimeoutMs: 2_000 });
    const other = connect(server.url);
    await Promise.all([redis.ready(), other.ready()]);
    const id = await redis.run((client) => client.client('ID'));
    const blocked = redis.run((client) => client.blpop('again', 0));
    blocked.catch(() => {});
    await other.run((client) => client.client('KILL', 'ID', id));
    await expect(blocked).rejects.toMatchObject(unavailable);
    await redis.ready();
    await other.run((client) => client.rpush('again', 'item'));
    expect(await redis.run((client) => client.llen('again'))).toBe(1);
  });

  test('takes a pipeline for failed when the connection broke under it', async () => {
    const own = await startTestRedis();
    const redis = connect(own.url, { commandTimeoutMs: 5_000 });
    await redis.ready();
    await own.suspend();
    const pipeline = redis.run((client) => client.pipeline().get('a').get('b').exec());
    pipeline.catch(() => {});
    await own.kill();
    await expect(pipeline).rejects.toMatchObject(unavailable);
  });

  test('reaches a server through its socket', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'redis-socket-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'redis.sock');
    const own = await startTestRedis();
    const socket = createServer((client) => {
      const tcp = createConnection(own.port, '127.0.0.1');
      pipeline(client, tcp, client, () => {});
    });
    onTestFinished(() => void socket.close());
    await once(socket.listen(path), 'listening');
    const redis = connect(`unix://${path}?db=1`);
    await redis.ready();
    expect(await redis.run((client) => client.client('INFO'))).toMatch(/ db=1 /);
  });

  test('says clearly that the password is wrong, and never shows it', async () => {
    const redis = connect(server.url.replace('right', 'wrong-guess'));
    const refusal = redis.ready();
    await expect(refusal).rejects.toMatchObject({ code: 'REDIS_AUTH_FAILED' });
    const error: unknown = await refusal.catch((reason: unknown) => reason);
    expect((error as Error).message).toMatch(/session.*refused/);
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('WRONGPASS');
    expect(shown).not.toContain('wrong-guess');
  });

  test('closes within the command timeout while the server hangs', async () => {
    const own = await startTestRedis();
    const redis = connectRedis({ url: own.url, name: 'hub' });
    await redis.ready();
    await own.suspend();
    expect(await elapsedMs(redis.close())).toBeLessThan(1_000);
    await expect(redis.run((client) => client.get('x'))).rejects.toMatchObject(unavailable);
  });
});

describe('a patient connection', () => {
  test('waits for a server that is not there yet', async () => {
    const own = await startTestRedis();
    await own.stop();
    const redis = connect(own.url, { preset: 'patient' });
    const waiting = redis.run((client) => client.ping());
    await expect(redis.probe()).rejects.toMatchObject(unavailable);
    await startTestRedis({ port: own.port });
    expect(await waiting).toBe('PONG');
  });

  test('lets a command block for longer than any command timeout', async () => {
    const redis = connect(server.url, { preset: 'patient' });
    const other = connect(server.url);
    await Promise.all([redis.ready(), other.ready()]);
    const start = performance.now();
    const item = redis.run((client) => client.blpop('queue', 5));
    await until(() => performance.now() - start > 400);
    await other.run((client) => client.rpush('queue', 'job'));
    expect(await item).toEqual(['queue', 'job']);
  });
});
