import { createDatabase, type Database, type DatabaseOptions } from '@shortstack/db';
import { observePools } from '@shortstack/telemetry';
import type { OpenProcess } from './open-process.ts';

/** PostgreSQL, as the process's role, until the process ends; with the metrics of its pool. Waits for nothing. */
export function openDatabase(
  { instanceId, life, logger, metrics }: OpenProcess,
  config: { DATABASE_URL: string; DATABASE_POOL_SIZE: number },
  options: Pick<DatabaseOptions, 'statementTimeoutMs'> = {},
): Database {
  const database = createDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: config.DATABASE_POOL_SIZE,
    onError: (err) => logger.warn({ err }, 'an idle PostgreSQL connection broke'),
    ...options,
  });
  life.onClose('database', () => database.close());
  observePools(metrics, { main: database.pool });
  return database;
}
