import type { RedisConnection } from '@shortstack/redis';
import { FlowProducer, Queue } from 'bullmq';

/** A queue and the queue of its dead letters, over one connection. */
export interface OpenQueue {
  queue: Queue;
  dead: Queue;
}

/** In braces, so that all keys of a service's queues share a slot of a cluster. */
export function queuePrefix(service: string): string {
  return `{${service}}`;
}

/**
 * Opens both queues. The connection stays the caller's. The version check is skipped because BullMQ never recovers
 * from its failing, and it fails whenever a fail-fast connection times out just then.
 */
export function openQueue(
  connection: RedisConnection,
  service: string,
  name: string,
  onError: (error: Error) => void,
): OpenQueue {
  const [queue, dead] = [name, `${name}-dead`].map((queueName) => {
    const opened = new Queue(queueName, {
      connection: connection.client,
      prefix: queuePrefix(service),
      skipVersionCheck: true,
      streams: { events: { maxLen: 1_000 } },
    });
    opened.on('error', onError);
    return opened;
  }) as [Queue, Queue];
  return { queue, dead };
}

/** For adding parents with children. The connection stays the caller's. */
export function openFlows(connection: RedisConnection, service: string): FlowProducer {
  const flows = new FlowProducer({
    connection: connection.client,
    prefix: queuePrefix(service),
    skipVersionCheck: true,
  });
  // The connection reports its errors itself.
  flows.on('error', () => {});
  return flows;
}
