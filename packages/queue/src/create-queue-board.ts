import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { unavailable } from '@shortstack/errors';
import { connectRedis, type RedisTarget } from '@shortstack/redis';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openQueue } from './open-queue.ts';

/** How long one command of the board may take. */
const commandTimeoutMs = 2_000;

/** The part of a producer that the board needs: which queue to show, and how to put its dead letters back. */
export interface BoardQueue {
  readonly name: string;
  replayDeadLetters(): Promise<number>;
}

/** With `url` and `tls` of the jobs Redis. */
export interface QueueBoardOptions extends RedisTarget {
  /** Owner of the queues: all keys begin with `{service}`. */
  service: string;
  /** The producers of the queues to show. */
  queues: readonly BoardQueue[];
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
 * Bull Board over a service's queues and their dead letters, for an internal listener: to look at jobs, to retry and to remove them.
 * `POST {basePath}/dead-letters/replay` puts up to 100 dead letters of each back and answers `{replayed}`.
 *
 * It has a connection of its own, so that looking at jobs holds up nobody who adds some. While Redis is away, or
 * silent for 2 s, it answers with kind `unavailable`, code `QUEUE_UNAVAILABLE`.
 *
 * @see https://github.com/felixmosh/bull-board
 */
export function createQueueBoard(options: QueueBoardOptions): QueueBoard {
  const { url, tls, service, queues, basePath, authorize } = options;
  const connection = connectRedis({ url, tls, name: 'jobs', commandTimeoutMs });
  // The connection reports its errors itself.
  const opened = queues.map(({ name }) => openQueue(connection, service, name, () => {}));
  const adapter = new FastifyAdapter().setBasePath(basePath);
  createBullBoard({
    queues: opened.flatMap(({ queue, dead }) => [
      new BullMQAdapter(queue),
      new BullMQAdapter(dead, {
        description: 'Dead letters: what failed for good and was not replayed. Nobody works here.',
      }),
    ]),
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
      server.post(`${basePath}/dead-letters/replay`, async () => {
        let replayed = 0;
        for (const queue of queues) replayed += await queue.replayDeadLetters();
        return { replayed };
      });
      await server.register(adapter.registerPlugin(), { prefix: basePath });
    },
    close: () => connection.close(),
  };
}
