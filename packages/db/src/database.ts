import { Pool } from 'pg';
import { asAvailabilityError } from './availability.ts';
import { drizzle, type NodePgDatabase } from './drizzle.ts';
import { publishStatements } from './publish-statements.ts';
import { asRefusal } from './refusal.ts';
import * as schema from './schema/index.ts';

export type Db = NodePgDatabase<typeof schema>;
/** What queries run on: the database, or a transaction in it. */
export type Queryable = Pick<Db, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections at most (default 10). */
  maxConnections?: number;
  /** How long a statement may take before PostgreSQL ends it (default 4,000 ms). */
  statementTimeoutMs?: number;
  /** How long to wait for a connection, from the pool or anew (default 1,000 ms). */
  connectTimeoutMs?: number;
  /** Told of errors of idle connections; the pool replaces them by itself. */
  onError?: (error: Error) => void;
}

export interface Database {
  readonly db: Db;
  readonly pool: Pool;
  /** Runs queries and turns "PostgreSQL is away" into AppError `DATABASE_UNAVAILABLE`; other errors pass unchanged. */
  run<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** One transaction, rolled back on any error. Errors as with `run`. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** For readiness: one round trip. */
  probe(): Promise<void>;
  /**
   * For the start of a process: rejects with AppError `DATABASE_REFUSED` when certificate, login or database is wrong. An outage is
   * no reason not to start: resolves then, as when all is well.
   */
  checkAccess(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A bounded pool with a deadline on everything: connecting, waiting for a connection, each statement, and the
 * answer itself (a half-open connection is given up one second after the statement's deadline).
 */
export function createDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 4_000;
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 1_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    // Statements take milliseconds, however long PostgreSQL expects them to take: compiling one first would take longer.
    options: '-c jit=off',
    keepAlive: true,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (error) => options.onError?.(error));
  // One that breaks in use tells so through its query; the event without a listener would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  publishStatements(pool);
  const db = drizzle(pool, { schema });
  const run = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    try {
      return await work(db);
    } catch (error) {
      throw asAvailabilityError(error);
    }
  };
  const ask = async () => void (await pool.query('SELECT 1'));
  return {
    db,
    pool,
    run,
    transaction: (work) => run((db) => db.transaction(work)),
    probe: () => run(ask),
    async checkAccess() {
      try {
        await ask();
      } catch (error) {
        const refusal = asRefusal(error);
        if (refusal) throw refusal;
      }
    },
    close: () => pool.end(),
  };
}
