import type { Metrics } from './metrics.ts';

/** What `pg.Pool` tells of itself. */
export interface PoolFigures {
  readonly totalCount: number;
  readonly idleCount: number;
  /** Queries that wait for a connection. */
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/** Adds the metrics `shortstack_pool_…` of pools of PostgreSQL connections, by name. */
export function observePools(metrics: Metrics, pools: Readonly<Record<string, PoolFigures>>): void {
  const gauge = (name: string, help: string, read: (pool: PoolFigures) => number) =>
    metrics.observe(`shortstack_pool_${name}`, help, 'gauge', () =>
      Object.entries(pools).map(([pool, figures]) => ({
        value: read(figures),
        attributes: { pool },
      })),
    );
  gauge('max_connections', 'Connections that the pool may open', ({ options }) => options.max);
  gauge('open_connections', 'Connections open', ({ totalCount }) => totalCount);
  gauge('busy_connections', 'Connections in use', (pool) => pool.totalCount - pool.idleCount);
  gauge('waiting_queries', 'Queries that wait for a connection', (pool) => pool.waitingCount);
}
