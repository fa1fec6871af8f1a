import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { unavailable } from '@shortstack/errors';
import { connectRedis } from '@shortstack/redis';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Producer } from './create-producer.ts';
import type { JobMap, QueueDefinition } from './define-queue.ts';
import { openQueue } from './open-queue.ts';
import { connectionOf, type QueueConnection } from './queue-connection.ts';

/** How long one command of the board may take. */
const commandTimeoutMs = 2_000;

export interface QueueBoardOptions<Jobs extends JobMap> extends QueueConnection {
  /** Owner of the queue: all keys begin with `{service}`. */
  service: string;
  queue: QueueDefinition<Jobs>;
  /** Puts dead letters back. */
  producer: Pick<Producer<Jobs>, 'replayDeadLetters'>;
  /** Where browsers find the board, such as `/ops/queues/create`; it is served under the same path here. */
  basePath: string;
  /** Lets a request pass or throws. Asked before anything else is done. */
  authorize: (request: FastifyRequest) => Promise<void>;
}

export interface QueueBoard {
  /** For `server.register`. */
  readonly plugin: (server: FastifyInstance) => Promise<void>;
  close(): Promise<void>;
}

/**
 * Bull Board over one queue and its dead letters, for an internal listener: to look at jobs, to retry and to remove them.
 * `POST {basePath}/dead-letters/replay` puts up to 100 dead letters back and answers `{replayed}`.
 *
 * It has a connection of its own, so that looking at jobs holds up nobody who adds some. While Redis is away, or
 * silent for 2 s, it answers with kind `unavailable`, code `QUEUE_UNAVAILABLE`.
 *
 * @see https://github.com/felixmosh/bull-board
 */
export function createQueueBoard<Jobs extends JobMap>(
  options: QueueBoardOptions<Jobs>,
): QueueBoard {
  const { service, queue: definition, producer, basePath, authorize } = options;
  const connection = connectRedis({ ...connectionOf(options), name: 'jobs', commandTimeoutMs });
  // The connection reports its errors itself.
  const { queue, dead } = openQueue(connection, service, definition.name, () => {});
  const adapter = new FastifyAdapter().setBasePath(basePath);
  createBullBoard({
    queues: [
      new BullMQAdapter(queue),
      new BullMQAdapter(dead, {
        description: 'Dead letters: what failed for good and was not replayed. Nobody works here.',
      }),
    ],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: `Queues of ${service}` } },
  });
  // Bull Board would answer with the driver's message, which can hold a job's data: the server's own handler is next.
  adapter.setErrorHandler((error) => {
    throw connection.breaker.state === 'closed' ? error : away(error);
  });

  function away(cause?: Error) {
    const detail = `The jobs Redis of ${service} does not answer.`;
    return unavailable('QUEUE_UNAVAILABLE', detail, { cause });
  }

  async function requireRedis() {
    if (connection.breaker.state !== 'closed') throw away();
  }

  return {
    async plugin(server) {
      server.addHook('onRequest', authorize);
      server.addHook('onRequest', requireRedis);
      server.post(`${basePath}/dead-letters/replay`, async () => ({
        replayed: await producer.replayDeadLetters(),
      }));
      await server.register(adapter.registerPlugin(), { prefix: basePath });
    },
    close: () => connection.close(),
  };
}
