import { createDatabase, isDatabaseUnavailable } from '@shortstack/db';
import { type CircuitBreaker, createBreaker } from '@shortstack/redis';
import type { DependencyProbe, ProcessLife } from '@shortstack/server';
import type { Pool } from 'pg';
import type { HttpConfig } from './config.ts';
import { createReplicaLoader, type ReplicaLoader } from './data/load-from-replica.ts';
import { createLinkLoader, type LinkLoader } from './data/load-links.ts';
import { watchReplica } from './data/watch-replica.ts';

export interface OpenReplicaOptions {
  config: HttpConfig;
  life: ProcessLife;
  primary: { pool: Pool; breaker: CircuitBreaker };
  fromPrimary: LinkLoader;
  onError: (error: Error) => void;
}

/** The replica that DATABASE_READ_URL names, if it names one, as a source of links; closed with the process. */
export function openReplica(
  options: OpenReplicaOptions,
): (ReplicaLoader & { probe: DependencyProbe; isFresh: () => boolean }) | undefined {
  const { config, life, primary, fromPrimary, onError } = options;
  if (config.DATABASE_READ_URL === undefined) return undefined;
  const database = createDatabase({
    url: config.DATABASE_READ_URL,
    applicationName: config.INSTANCE_ID,
    maxConnections: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: 2_000,
    onError,
  });
  life.onClose('replica', () => database.close());
  const breaker = createBreaker({
    name: 'PostgreSQL replica',
    isFailure: isDatabaseUnavailable,
    probe: () => database.probe(),
  });
  life.onClose('replica breaker', () => breaker.close());
  const watch = watchReplica({ primary, replica: { pool: database.pool, breaker } });
  life.onClose('replica watch', () => watch.close());
  return {
    ...createReplicaLoader({
      fromPrimary,
      fromReplica: createLinkLoader(database.pool, breaker),
      isFresh: () => watch.isFresh(),
    }),
    isFresh: () => watch.isFresh(),
    probe: {
      name: 'postgres-replica',
      required: false,
      probe: () => database.probe(),
      breaker: () => breaker.state,
    },
  };
}
