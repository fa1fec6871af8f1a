import { asAvailabilityError, type Database, databaseErrorOf } from '@shortstack/db';
import type { PoolClient } from 'pg';
import type { PartitionMaintenance, PartitionStore } from '../domain/keep-partitions.ts';
import type { Partition } from '../domain/partition-plan.ts';

/** "part" in ASCII: the lock under which partitions are dropped. */
const maintenanceLock = 0x70617274;
const duplicateTable = '42P07';

/**
 * Daily partitions in PostgreSQL. Nothing here blocks reads or writes of the tables: new partitions are attached, and old ones detached,
 * under locks that let both go on. Detaching waits for the transactions that already use the table, however long they
 * take, up to the statement timeout of `maintenance`; then it stays half done until the next run finishes it.
 *
 * @param options.maintenance a pool of one connection, whose statements may take long.
 * @see https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
export function createPartitionStore(options: {
  database: Database;
  maintenance: Database;
}): PartitionStore {
  const { database, maintenance } = options;
  return {
    async ensureDay(table, day) {
      await database.run(async () => {
        try {
          await database.pool.query('SELECT ensure_day_partition($1, $2)', [table, day]);
        } catch (error) {
          // Another process made it in the same moment.
          if (databaseErrorOf(error).code !== duplicateTable) throw error;
        }
      });
    },
    maintain: (work) => maintenance.run(() => withLock(maintenance, work)),
  };
}

async function withLock(
  { pool }: Database,
  work: (maintenance: PartitionMaintenance) => Promise<void>,
): Promise<boolean> {
  const client = await pool.connect();
  // An error of the connection rejects the statement in hand; unheard, it would end the process.
  client.on('error', () => {});
  try {
    // Detaching is two transactions, and the second waits for others: the role's limit is for those that write events.
    await client.query('SET transaction_timeout = 0');
    const { rows } = await client.query<{ isMine: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS "isMine"',
      [maintenanceLock],
    );
    if (rows[0]?.isMine !== true) return false;
    await work(maintenanceOn(client));
    return true;
  } catch (error) {
    throw asAvailabilityError(error);
  } finally {
    // Closed rather than reused: with it go the lock and the setting.
    client.release(true);
  }
}

function maintenanceOn(client: PoolClient): PartitionMaintenance {
  const alter = async (partition: Partition, how: string) => {
    await client.query(
      `ALTER TABLE public.${partition.table} DETACH PARTITION ${nameOf(client, partition)} ${how}`,
    );
  };
  return {
    async list() {
      const { rows } = await client.query<Partition>(
        `SELECT "table", name, CASE WHEN inhparent IS NULL THEN 'detached' WHEN inhdetachpending THEN 'detaching'
            ELSE 'attached' END AS state
          FROM (SELECT oid, relname AS name, regexp_replace(relname, '_\\d{8}$', '') AS "table"
            FROM pg_class WHERE relnamespace = 'partitions'::regnamespace AND relkind = 'r') AS found
          LEFT JOIN pg_inherits ON inhrelid = found.oid
          WHERE "table" IN ('clicks', 'daily_visitors', 'link_minutes') ORDER BY name`,
      );
      return rows;
    },
    detach: (partition) => alter(partition, 'CONCURRENTLY'),
    finishDetaching: (partition) => alter(partition, 'FINALIZE'),
    async drop(partition) {
      await client.query(`DROP TABLE IF EXISTS ${nameOf(client, partition)}`);
    },
  };
}

function nameOf(client: PoolClient, { name }: Partition): string {
  return `partitions.${client.escapeIdentifier(name)}`;
}
