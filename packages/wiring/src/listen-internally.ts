import { advertisedUrl } from '@shortstack/config';
import { shownMetrics } from '@shortstack/contracts';
import {
  createResolver,
  createStatusEndpoint,
  type InstanceDescription,
  type Resolver,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import {
  type AppServer,
  closeServer,
  createInternalServer,
  createReadiness,
  type DependencyProbe,
  describeProcess,
} from '@shortstack/server';
import type { OpenProcess } from './open-process.ts';
import type { OpenBoard } from './queue-board.ts';

export interface InternalListenerOptions {
  probes: DependencyProbe[];
  /** What the registry shows of it, see `registerInstance`. Default: nothing. */
  load?: InstanceDescription['load'];
  lastWork?: InstanceDescription['lastWork'];
  /** Where the public reaches this process. */
  publicUrl?: string;
  /** Of a jobs process: the board of its queues, for worker. */
  board?: OpenBoard;
  /** Default: one of its own. */
  resolver?: Resolver;
  /** Adds routes for other services, which check their callers themselves. */
  extend?: (internal: AppServer, resolver: Resolver) => void;
  /** The port must not be shared with another process of this host. Default: may be. */
  exclusive?: boolean;
}

/**
 * Opens the internal listener: `/livez`, `/readyz`, `/metrics`, and for worker `/internal/status` and the board of the queues. Call
 * `register` once the process can be used: from then on others find it, until it begins to end.
 */
export async function listenInternally(
  process: OpenProcess,
  options: InternalListenerOptions,
): Promise<{ server: AppServer; url: string; register: () => void }> {
  const { service, name, instanceId, config, life, logger, metrics, hub } = process;
  const readiness = createReadiness({ probes: options.probes });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service,
      process: process.process,
      url: advertisedUrl(config),
      ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
      version: config.VERSION,
      startedAt: process.startedAt.toISOString(),
    },
    load: options.load ?? (() => ({})),
    ...(options.lastWork && { lastWork: options.lastWork }),
  };
  const resolver = options.resolver ?? createResolver({ redis: hub });
  if (!options.resolver) life.onClose('resolver', () => resolver.close());
  const status = createStatusEndpoint({
    resolver,
    ...described,
    allow: ['worker'],
    isReady: async () => (await readiness.latest()).status === 'ready',
    details: () => describeProcess(readiness, metrics, shownMetrics),
  });
  const internal = createInternalServer({ logger, instanceId, readiness, metrics });
  internal.get(statusPath, { onRequest: status.authorize }, status.answer);
  options.extend?.(internal, resolver);
  if (options.board) {
    const board = options.board(status.authorize);
    life.onClose('queue board', () => board.close());
    await internal.register(board.plugin);
  }
  const url = await internal.listen({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
    exclusive: options.exclusive ?? false,
  });
  life.onClose('internal listener', () => closeServer(internal));
  return {
    server: internal,
    url,
    register() {
      const registration = registerInstance({ redis: hub, ...described });
      life.onClose('registration', () => registration.close());
      life.onClose('readiness', () => readiness.drain());
      logger.info(`${name} is ready`);
    },
  };
}
