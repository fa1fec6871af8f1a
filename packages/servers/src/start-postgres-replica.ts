import { execFile } from 'node:child_process';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEphemeralDirectory, removeDirectory } from './ephemeral-directory.ts';
import type { PostgresServer } from './running-server.ts';
import type { PostgresSettings } from './server-options.ts';
import { startPostgres } from './start-postgres.ts';
import { unprivilegedUser } from './system-user.ts';

export interface StartPostgresReplicaOptions {
  /** A server that `startPostgres` has started on this machine. */
  primary: PostgresServer;
  primaryDirectory: string;
  /** Of the superuser `postgres`, on both. */
  password: string;
  binariesDirectory?: string;
  /** Those of the primary at least: a replica must allow as many connections. */
  settings?: PostgresSettings;
}

const execute = promisify(execFile);

/**
 * Starts an ephemeral hot stand-by: a copy of a running server's files that follows the server by streaming replication and answers
 * queries, but takes no writes. `pg_wal_replay_pause()` makes it lag. About 1 s for an empty database.
 * npm's PostgreSQL has no `pg_basebackup`; this does what that does.
 * @see https://www.postgresql.org/docs/17/continuous-archiving.html section 25.3.4, low-level backups
 */
export async function startPostgresReplica(
  options: StartPostgresReplicaOptions,
): Promise<PostgresServer> {
  const { primary, primaryDirectory, password, settings, binariesDirectory } = options;
  const directory = await createEphemeralDirectory();
  try {
    const label = await copyWhileRunning(primary.url, primaryDirectory, directory);
    const user = await unprivilegedUser();
    for (const [name, text] of Object.entries({ backup_label: label, 'standby.signal': '' })) {
      const file = join(directory, name);
      await writeFile(file, text, { mode: 0o600 });
      if (user) await chown(file, user.uid, user.gid);
    }
    await rm(join(directory, 'postmaster.pid'), { force: true });
    return await startPostgres({
      dataDirectory: directory,
      ephemeral: true,
      password,
      ...(binariesDirectory && { binariesDirectory }),
      settings: {
        ...settings,
        primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${password}`,
      },
    });
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
}

/** Returns the backup's label. It belongs to the connection that began the backup. */
async function copyWhileRunning(url: string, from: string, to: string): Promise<string> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('replica', true)`);
    // With owners and modes, which PostgreSQL insists on.
    await execute('cp', ['-a', `${from}/.`, to]);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    );
    return rows[0]?.labelfile ?? '';
  } finally {
    await client.end();
  }
}
