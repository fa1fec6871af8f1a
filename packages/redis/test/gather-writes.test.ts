import { startTestRedis } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connectRedis } from '../src/index.ts';

const server = await startTestRedis();

test('commands of one turn of the event loop leave together, and are answered each for itself', async () => {
  const redis = connectRedis({ name: 'cache', url: server.url, gatherWrites: true });
  onTestFinished(() => redis.close());
  await redis.ready();
  const { stream } = redis.client as unknown as { stream: NodeJS.WritableStream };
  const pieces = { written: 0 };
  const write = stream.write.bind(stream);
  stream.write = ((...given: Parameters<typeof write>) => {
    pieces.written += 1;
    return write(...given);
  }) as typeof write;

  const answers = Promise.all([
    redis.run((client) => client.set('a', '1')),
    redis.run((client) => client.get('a')),
    redis.run((client) => client.incr('a')),
  ]);
  await Promise.resolve();
  const socket = stream as unknown as { writableCorked: number; writableLength: number };
  expect(pieces.written).toBe(3);
  expect(socket.writableCorked).toBe(1);
  expect(socket.writableLength).toBeGreaterThan(0);
  await new Promise(setImmediate);
  expect(socket.writableCorked).toBe(0);
  expect(await answers).toEqual(['OK', '1', 2]);
  expect(await redis.run((client) => client.get('a'))).toBe('2');
});
