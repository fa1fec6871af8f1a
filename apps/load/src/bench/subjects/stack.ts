import type { QueryResultRow } from 'pg';

/** A running Shortstack, and what measuring needs of it. */
export interface Stack {
  readonly appOrigin: string;
  /** What a browser sends as `Origin`. */
  readonly appSite: string;
  readonly shortOrigin: string;
  /** Of the redirect process. */
  readonly metricsUrl: string;
  /** Of the create process. */
  readonly createMetricsUrl: string;
  /** PostgreSQL as the superuser. */
  readonly ownerUrl: string;
  /** The cache Redis as its administrator. */
  readonly cacheUrl: string;
  readonly admin: { email: string; password: string };
  /** Of all servers and processes, such as `redirect`, `redirect-jobs`, `redis-cache`, `postgres`. */
  readonly names: readonly string[];
  pid(name: string): number;
  sql: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Ends a process in good order and starts it anew, with this added to its environment. */
  restart(name: string, env?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}
