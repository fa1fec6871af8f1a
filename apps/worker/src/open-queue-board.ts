import { queueBoardPath } from '@shortstack/contracts';
import {
  createResolver,
  createServiceKeys,
  createServiceTokenGuard,
  createServiceTokenVerifier,
} from '@shortstack/discovery';
import { type BoardQueue, createQueueBoard } from '@shortstack/queue/board';
import type { RedisConnection } from '@shortstack/redis';
import type { AppServer, ProcessLife } from '@shortstack/server';

const service = 'worker';

/** Puts the board of this service’s queues on the internal listener, for worker alone, whose operations pages show it. */
export async function openQueueBoard(options: {
  internal: AppServer;
  config: { REDIS_JOBS_URL: string };
  hub: RedisConnection;
  queues: readonly BoardQueue[];
  life: ProcessLife;
}): Promise<void> {
  const { internal, config, hub, queues, life } = options;
  const resolver = createResolver({ redis: hub });
  life.onClose('board resolver', () => resolver.close());
  const { keysOf } = createServiceKeys({ resolver });
  const board = createQueueBoard({
    url: config.REDIS_JOBS_URL,
    service,
    queues,
    basePath: queueBoardPath(service),
    authorize: createServiceTokenGuard({
      verifier: createServiceTokenVerifier({ service, keysOf }),
      allow: ['worker'],
    }),
  });
  life.onClose('queue board', () => board.close());
  await internal.register(board.plugin);
}
