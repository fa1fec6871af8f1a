import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { awaitPostgres } from './await-postgres.ts';
import { createEphemeralDirectory, removeDirectory } from './ephemeral-directory.ts';
import { onFreePort } from './free-port.ts';
import { initialisePostgres } from './initialise-postgres.ts';
import { outlivePredecessor, removeMisleadingPidFile } from './outlive-predecessor.ts';
import { postgresBinariesDirectory } from './postgres-binaries.ts';
import { type PostgresServer, runningServer } from './running-server.ts';
import { spawnServer } from './server-process.ts';
import { findLeftover } from './stop-leftover.ts';
import { closedDirectory, type SystemUser, unprivilegedUser } from './system-user.ts';

export type StartPostgresOptions = (
  | {
      /** Made if absent. As root it must lie where other users may go, so not below `/root`. */
      dataDirectory: string;
    }
  | {
      /** A new directory, removed on `stop`; the server also ends with this process. Nothing is synced. */
      ephemeral: true;
    }
) & {
  /** Of the superuser `postgres`. Set when the data directory is made, and must be the same ever after. */
  password: string;
  /** Default: a free one. */
  port?: number;
  /** Appended to. Default: `postgres.log` in the data directory. */
  logFile?: string;
  /** With `bin`, `lib`, `share`. Default: npm's own; see `preparePostgresBinaries`. */
  binariesDirectory?: string;
  /** Server parameters, as in postgresql.conf. */
  settings?: Readonly<Record<string, string | number>>;
};

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts PostgreSQL on 127.0.0.1 (no Unix socket) and resolves once it accepts connections: about 0.3 s,
 * and 1 s more when it first makes the data directory. As root it runs as the user `postgres`, or else
 * `nobody`. The terminal's Ctrl-C does not reach it. After a crash it recovers by itself, and a stale
 * `postmaster.pid` does not stop it. Rejects, with the end of the server's log, if it ends or is not
 * ready within 60 s; and at once if a server already runs on the data directory (see `stopLeftover`) or
 * a directory can't be reached.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  if (!('ephemeral' in options)) return startIn(resolve(options.dataDirectory), options);
  const directory = await createEphemeralDirectory();
  try {
    return await startIn(directory, options);
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
}

async function startIn(directory: string, options: StartPostgresOptions): Promise<PostgresServer> {
  const ephemeral = 'ephemeral' in options;
  const { password, port: wantedPort } = options;
  const binariesDirectory = resolve(options.binariesDirectory ?? postgresBinariesDirectory());
  const user = await unprivilegedUser();
  await mkdir(dirname(directory), { recursive: true });
  if (user) {
    await assertReachable(dirname(directory), user);
    await assertReachable(join(binariesDirectory, 'bin'), user);
  }
  const leftover = await findLeftover(directory);
  if (leftover) {
    throw new Error(`A PostgreSQL server (process ${leftover.pid}) already runs on ${directory}.`);
  }
  await initialisePostgres({ binariesDirectory, directory, password, user, durable: !ephemeral });
  await removeMisleadingPidFile(directory);

  const start = async (port: number): Promise<PostgresServer> => {
    const server = await spawnServer({
      command: join(binariesDirectory, 'bin/postgres'),
      args: ['-D', directory, '-p', String(port), ...parameters(options)],
      directory,
      logFile: options.logFile ?? join(directory, 'postgres.log'),
      user,
      // SIGINT disconnects clients and shuts down cleanly; SIGQUIT just ends, as the data goes anyway.
      stopSignal: ephemeral ? 'SIGQUIT' : 'SIGINT',
    });
    const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    await awaitPostgres(server, { directory, port, url });
    return runningServer(server, {
      url,
      port,
      ephemeralDirectory: ephemeral ? directory : undefined,
    });
  };
  return outlivePredecessor(() =>
    wantedPort === undefined ? onFreePort(start) : start(wantedPort),
  );
}

function parameters({ settings, ...options }: StartPostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...('ephemeral' in options ? NOT_DURABLE : {}),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function assertReachable(path: string, user: SystemUser): Promise<void> {
  const closed = await closedDirectory(path, user);
  if (!closed) return;
  throw new Error(
    `PostgreSQL can't run as root, so it runs as the user ${user.name}, who may not enter ${closed} (on the way to ${path}). Choose a directory outside of it.`,
  );
}
