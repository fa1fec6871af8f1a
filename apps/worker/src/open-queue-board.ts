import { queueBoardPath } from '@shortstack/contracts';
import {
  createResolver,
  createServiceKeys,
  createServiceTokenGuard,
  createServiceTokenVerifier,
} from '@shortstack/discovery';
import type { Producer } from '@shortstack/queue';
import { createQueueBoard } from '@shortstack/queue/board';
import type { RedisConnection } from '@shortstack/redis';
import type { AppServer, ProcessLife } from '@shortstack/server';
import { workQueue } from './jobs/work-queue.ts';

const service = 'worker';

/** Puts the board of this service's queue on the internal listener, for worker alone, whose operations pages show it. */
export async function openQueueBoard(options: {
  internal: AppServer;
  config: { REDIS_JOBS_URL: string };
  hub: RedisConnection;
  producer: Producer<(typeof workQueue)['jobs']>;
  life: ProcessLife;
}): Promise<void> {
  const { internal, config, hub, producer, life } = options;
  const resolver = createResolver({ redis: hub });
  life.onClose('board resolver', () => resolver.close());
  const { keysOf } = createServiceKeys({ resolver });
  const board = createQueueBoard({
    url: config.REDIS_JOBS_URL,
    service,
    queue: workQueue,
    producer,
    basePath: queueBoardPath(service),
    authorize: createServiceTokenGuard({
      verifier: createServiceTokenVerifier({ service, keysOf }),
      allow: ['worker'],
    }),
  });
  life.onClose('queue board', () => board.close());
  await internal.register(board.plugin);
}
