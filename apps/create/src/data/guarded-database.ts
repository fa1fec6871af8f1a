import { finished } from 'node:stream/promises';
import {
  createDatabase,
  type DatabaseOptions,
  type Db,
  isDatabaseUnavailable,
  type Queryable,
} from '@shortstack/db';
import { type CircuitBreaker, createBreaker } from '@shortstack/redis';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A statement in plain SQL. With a name PostgreSQL parses and plans it once per connection. */
export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
  /** In ms. Default: that of the connection. */
  query_timeout?: number;
}

/** What plain statements run on: the pool, or one transaction. */
export interface Sql {
  query<Row extends QueryResultRow>(statement: Statement): Promise<Row[]>;
}

/** What the plain statements of one transaction run on. */
export interface Transaction extends Sql {
  /** `COPY … FROM STDIN`, in the text format. Its deadlines are those of the connection. */
  copy(statement: string, rows: string): Promise<void>;
}

export interface GuardedDatabase extends Sql {
  readonly breaker: CircuitBreaker;
  /** The pool as metrics see it. */
  readonly connections: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount' | 'options'>;
  /** Queries by Drizzle. */
  run<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** One transaction by Drizzle, rolled back on any error. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** One transaction of plain statements, rolled back on any error. */
  transactionSql<T>(work: (sql: Transaction) => Promise<T>): Promise<T>;
  probe(): Promise<void>;
  /** As that of `Database`. */
  checkAccess(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The database behind a circuit breaker: after three failures in a row it is answered at once, and tried again every
 * 500 ms. Everything rejects with AppError `DATABASE_UNAVAILABLE` (kind `unavailable`) while PostgreSQL is away, and
 * passes other errors on.
 */
export function createGuardedDatabase(options: DatabaseOptions): GuardedDatabase {
  const database = createDatabase(options);
  const breaker = createBreaker({
    name: 'postgres',
    isFailure: isDatabaseUnavailable,
    probe: () => database.probe(),
  });

  /** The breaker must see the driver's own error, `database.run` turns it into ours. */
  function guarded<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return database.run((db) => breaker.run(() => work(db)));
  }

  async function inTransaction<T>(work: (sql: Transaction) => Promise<T>): Promise<T> {
    const client = await database.pool.connect();
    let broken: unknown;
    try {
      await client.query('BEGIN');
      const result = await work({ ...sqlOn(client), copy: copyOn(client) });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: unknown) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      // A connection that can't even roll back must not be used again.
      client.release(broken !== undefined);
    }
  }

  return {
    breaker,
    connections: database.pool,
    query: (statement) => guarded(() => sqlOn(database.pool).query(statement)),
    run: guarded,
    transaction: (work) => guarded((db) => db.transaction(work)),
    transactionSql: (work) => guarded(() => inTransaction(work)),
    probe: () => database.probe(),
    checkAccess: () => database.checkAccess(),
    async close() {
      breaker.close();
      await database.close();
    },
  };
}

function sqlOn(client: Pick<PoolClient, 'query'>): Sql {
  return {
    async query<Row extends QueryResultRow>(statement: Statement) {
      const { rows } = await client.query<Row>(statement);
      return rows;
    },
  };
}

function copyOn(client: PoolClient): Transaction['copy'] {
  return async (statement, rows) => {
    const copying = client.query(copyFrom(statement));
    const done = finished(copying);
    copying.end(rows);
    await done;
  };
}
