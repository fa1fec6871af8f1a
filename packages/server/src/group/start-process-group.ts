import { once } from 'node:events';
import { createServer as createListener } from 'node:net';
import type { Logger, Metrics } from '@shortstack/telemetry';
import { closeServer } from '../close-server.ts';
import type { ProcessLife } from '../run-process.ts';
import { createGroupServer } from './create-group-server.ts';
import { keepMember } from './keep-member.ts';

export interface ProcessGroupOptions {
  processes: number;
  instanceId: string;
  /** Where the processes listen. The port is a certain one, never 0. */
  host: string;
  port: number;
  /** Where the group's own internal listener is. */
  internalHost: string;
  internalPort: number;
  /** What differs for the process of this number, from 1, from the parent's environment. */
  environmentOf: (number: number) => Readonly<Record<string, string>>;
  logger: Logger;
  metrics: Metrics;
}

/**
 * Runs this program several times, as processes that share a port (see `sharedPort`), and speaks for them at one internal
 * listener. Resolves when each of them is ready; rejects if one ends before that. Later on one that ends is started again, while
 * the others go on. When the parent closes, all finish what is under way, at once; when it is killed, they end with it.
 */
export async function startProcessGroup(
  options: ProcessGroupOptions,
  life: ProcessLife,
): Promise<void> {
  const { logger, metrics, instanceId, environmentOf } = options;
  await assertFree(options.host, options.port);
  const numbers = Array.from({ length: options.processes }, (_, at) => at + 1);
  const members = numbers.map((number) =>
    keepMember({ number, env: environmentOf(number), logger }),
  );
  metrics.observe(
    'shortstack_process_restarts_total',
    'Processes of the group that were started again',
    'counter',
    () => [{ value: members.reduce((sum, { restarts }) => sum + restarts, 0) }],
  );
  const internal = createGroupServer({ logger, instanceId, members, metrics });
  life.onClose('internal listener', () => closeServer(internal));
  life.onClose('processes', async () => {
    const ends = await Promise.allSettled(members.map((member) => member.stop()));
    const failures = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
    if (failures.length > 0) throw new AggregateError(failures, String(failures[0]));
  });
  await internal.listen({ host: options.internalHost, port: options.internalPort });
  await Promise.all(members.map(({ started }) => started));
}

/** The kernel would let two groups of one user share a port without a word. */
async function assertFree(host: string, port: number): Promise<void> {
  const listener = createListener().listen({ host, port });
  await once(listener, 'listening');
  listener.close();
  await once(listener, 'close');
}
