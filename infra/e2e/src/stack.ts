import type { QueryResultRow } from 'pg';

/** Where a running Shortstack is reached. */
export interface Origins {
  /** Where create listens: API and sign-in. */
  readonly appOrigin: string;
  /** Where redirect listens. */
  readonly shortOrigin: string;
  /** Where worker listens. */
  readonly opsOrigin: string;
}

/**
 * A running Shortstack as its users see it, and its database. Suites that need no more can be run against any stack;
 * those that take servers away need a `LocalStack`.
 */
export interface Stack extends Origins {
  /** Runs SQL as the superuser, to see what was stored and to do what the API does not offer. */
  sql<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}
