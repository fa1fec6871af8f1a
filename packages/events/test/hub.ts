import {
  type BroadcastReaderOptions,
  type ConsumerOptions,
  createBroadcastReader,
  createConsumer,
  createPublisher,
  type PublisherOptions,
} from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';

export const stream = 'test:events';

/** A hub of the test's own, with a raw client for looking into it. */
export async function startHub() {
  const server = await startTestRedis();
  const client = new Redis(server.url);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return { ...server, client };
}

export async function openPublisher(url: string, options: Partial<PublisherOptions> = {}) {
  const redis = connectRedis({ url, name: 'hub' });
  onTestFinished(() => redis.close());
  await redis.ready();
  return createPublisher({ redis, stream, ...options });
}

/** A consumer that notes the ids of the events it handled. */
export function openConsumer(url: string, options: Partial<ConsumerOptions> = {}) {
  const handled: string[] = [];
  const consumer = createConsumer({
    url,
    stream,
    group: 'group',
    consumer: 'one',
    blockMs: 100,
    drainTimeoutMs: 1_000,
    handlers: { 'test.happened': async ({ id }) => void handled.push(id) },
    ...options,
  });
  onTestFinished(() => consumer.close());
  return { handled, stats: () => consumer.stats(), close: () => consumer.close() };
}

/** A broadcast reader that notes all that it was told, in order. */
export async function openReader(url: string, options: Partial<BroadcastReaderOptions> = {}) {
  const told: string[] = [];
  const reader = createBroadcastReader({
    url,
    stream,
    blockMs: 100,
    onEvent: ({ id }) => void told.push(id),
    onBroken: () => void told.push('broken'),
    onRestored: ({ missed }) => void told.push(missed ? 'restored, missed' : 'restored'),
    ...options,
  });
  onTestFinished(() => reader.close());
  await reader.ready();
  return { reader, told };
}
