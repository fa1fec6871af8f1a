import { createProducer, createQueueWorker, type QueueWorkerOptions } from '@shortstack/queue';
import { onTestFinished } from 'vitest';
import { greetings, service } from './greetings.ts';

type Options = Partial<QueueWorkerOptions<(typeof greetings)['jobs']>>;

/** A connected producer, closed when the test ends. */
export async function openProducer(url: string, options: { timeoutMs?: number } = {}) {
  const producer = createProducer({ url, service, queue: greetings, ...options });
  onTestFinished(() => producer.close());
  await producer.ready();
  return producer;
}

/** A worker whose handlers do nothing unless given, closed when the test ends. */
export function openWorker(url: string, options: Options = {}) {
  const worker = createQueueWorker({
    url,
    service,
    queue: greetings,
    drainTimeoutMs: 2_000,
    ...options,
    handlers: { greet: async () => {}, wave: async () => {}, ...options.handlers },
  });
  onTestFinished(() => worker.close());
  return worker;
}
