import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, postgresRoles, type ServiceRole } from '@shortstack/db';
import { preparePostgresBinaries, startPostgres, startPostgresReplica } from '@shortstack/servers';
import { closeAfterFile } from './close-after-file.ts';
import type { TestDatabase } from './create-test-database.ts';
import { rolePasswords } from './role-passwords.ts';

export interface ReplicatedDatabase extends TestDatabase {
  /** The replica, as the superuser: `pg_wal_replay_pause()` makes it lag. */
  readonly replicaOwnerUrl: string;
  /** The replica, as one of the services' roles. */
  replicaUrlFor(role: ServiceRole): string;
  /** Ends the replica at once. */
  stopReplica(): Promise<void>;
}

/**
 * Starts a PostgreSQL server of the caller's own with all migrations, and a replica that follows it (about 4 s). Both are
 * plain processes, whatever else the run starts its servers with, and are stopped when the test file ends.
 */
export async function startReplicatedDatabase(): Promise<ReplicatedDatabase> {
  const password = 'test';
  const binariesDirectory = await preparePostgresBinaries(join(tmpdir(), 'shortstack-binaries'));
  const primaryDirectory = await mkdtemp(join(await realpath(tmpdir()), 'shortstack-primary-'));
  closeAfterFile(() => rm(primaryDirectory, { recursive: true, force: true }));
  const primary = await startPostgres({
    password,
    binariesDirectory,
    dataDirectory: primaryDirectory,
    ephemeral: true,
  });
  closeAfterFile(() => primary.stop());
  await migrate({ ownerUrl: primary.url, passwords: rolePasswords });
  const replica = await startPostgresReplica({
    primary,
    primaryDirectory,
    password,
    binariesDirectory,
  });
  closeAfterFile(() => replica.stop());

  const urlOn = (url: string) => (role: ServiceRole) => {
    const login = { username: postgresRoles[role], password: rolePasswords[role] };
    return Object.assign(new URL(url), login).href;
  };
  return {
    ownerUrl: primary.url,
    urlFor: urlOn(primary.url),
    replicaOwnerUrl: replica.url,
    replicaUrlFor: urlOn(replica.url),
    stopReplica: () => replica.stop(),
    close: () => primary.stop(),
  };
}
