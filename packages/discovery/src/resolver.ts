import { type AppError, unavailable } from '@shortstack/errors';
import type { RedisConnection } from '@shortstack/redis';
import type { Instance, InstanceProcess } from './instance.ts';
import { createInstanceTable, type ListedInstance } from './instance-table.ts';
import { listInstances } from './list-instances.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { probeInstance } from './probe-instance.ts';
import { report } from './report.ts';
import { watchRegistry } from './watch-registry.ts';
import { withTimeout } from './with-timeout.ts';

const probesAtOnce = 16;

export interface ResolverOptions {
  /** The hub. The resolver opens one more connection like it, for the registry's channel. */
  redis: RedisConnection;
  /** How often the registry is read and the instances are probed, besides each message of the channel. Default 5,000. */
  refreshMs?: number;
  /** How long an instance's `/readyz` may take. Default 1,000. */
  probeTimeoutMs?: number;
  /** How many failures in a row, told by `reportFailure`, drop an instance. Default 2. */
  failuresToDrop?: number;
  /** How long an instance that answers probes is kept although the registry has lost it. Default 15,000, the registry's TTL. */
  keepMissingMs?: number;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

export interface ResolveOptions {
  /** Default `http`. */
  process?: InstanceProcess;
  /** Instances that were tried already. */
  except?: readonly Instance[];
}

export interface Resolver {
  /**
   * The next healthy instance of a service, in turn. Waits for the registry only before its first answer. Where none is healthy, one that
   * could not be reached is tried all the same: a caller that stalls finds everybody unreachable. One that says itself that it is
   * not ready is not.
   * @throws AppError `unavailable` / `SERVICE_UNAVAILABLE` when there is neither.
   */
  resolve(service: string, options?: ResolveOptions): Promise<Instance>;
  /** Every instance that is known, of one service or of all, healthy or not. */
  list(service?: string): Promise<ListedInstance[]>;
  /** A call could not reach the instance. Two in a row drop it, until a probe succeeds. */
  reportFailure(instance: Instance): void;
  /** A call reached the instance. */
  reportSuccess(instance: Instance): void;
  /** Stops refreshing and closes the resolver's own connection. */
  close(): Promise<void>;
}

/**
 * Knows the live instances of all services: reads the registry at once, at every message of its channel and every 5 s, and asks
 * the `/readyz` of each instance of a service that was ever asked for as often. An instance is dropped by a failed probe or by
 * failures that callers report; the next successful probe brings it back.
 *
 * While the hub is away the last list stays and is still probed; when the hub comes back empty, instances that answer
 * probes are kept until they had time to register again. Never throws in the background; failures count as
 * `discovery.refresh_failures`.
 *
 * Bounded: 1,000 instances, 16 probes at once. Cost: per refresh one script and one HTTP request per instance; `resolve`
 * touches memory only.
 */
export function createResolver(options: ResolverOptions): Resolver {
  const { redis, refreshMs = 5_000, probeTimeoutMs = 1_000, fetch = globalThis.fetch } = options;
  const { failuresToDrop = 2, keepMissingMs = 15_000, now = Date.now } = options;
  const table = createInstanceTable({ failuresToDrop, keepMissingMs, now });
  const probe = { fetch, timeoutMs: probeTimeoutMs };
  const firstRead = Promise.withResolvers<void>();
  const asked = new Set<string>();
  let askedForAll = false;
  let closed = false;

  const reads = oneAtATime(async () => {
    try {
      table.merge(await withTimeout(refreshMs, listInstances(redis)));
    } catch {
      report('discovery.refresh_failures');
    }
    firstRead.resolve();
    probes.run();
  });

  const probes = oneAtATime(async () => {
    const instances = table.list().filter(({ service }) => askedForAll || asked.has(service));
    const queue = instances.values();
    const probeNext = async () => {
      for (const instance of queue) {
        if (closed) return;
        table.setHealth(instance, await probeInstance(instance, probe));
      }
    };
    await Promise.all(Array.from({ length: probesAtOnce }, probeNext));
  });

  const timer = setInterval(reads.run, refreshMs);
  timer.unref();
  const stopWatching = watchRegistry(redis, { onEvent: reads.run, onConnected: reads.run });
  const stopListening = redis.breaker.onStateChange((state) => {
    if (state === 'closed') reads.run();
  });
  redis.ready(probeTimeoutMs).then(reads.run, reads.run);

  return {
    async resolve(service, { process = 'http', except = [] } = {}) {
      asked.add(service);
      await firstRead.promise;
      const instance = table.next(service, process, except);
      if (!instance) throw noInstance(service);
      return instance;
    },
    async list(service) {
      if (service === undefined) askedForAll = true;
      else asked.add(service);
      await firstRead.promise;
      return table.list(service);
    },
    reportFailure(instance) {
      if (table.fail(instance)) {
        report('discovery.instances_dropped', { service: instance.service });
      }
    },
    reportSuccess: (instance) => table.succeed(instance),
    async close() {
      closed = true;
      firstRead.resolve();
      clearInterval(timer);
      stopListening();
      stopWatching();
      await reads.close();
      await probes.close();
    },
  };
}

function noInstance(service: string): AppError {
  return unavailable('SERVICE_UNAVAILABLE', `No instance of ${service} can be reached now.`);
}
