import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { awaitPostgres } from './await-postgres.ts';
import { createEphemeralDirectory, removeDirectory } from './ephemeral-directory.ts';
import { onFreePort } from './free-port.ts';
import { initialisePostgres } from './initialise-postgres.ts';
import { outlivePredecessor, removeMisleadingPidFile } from './outlive-predecessor.ts';
import { postgresBinariesDirectory } from './postgres-binaries.ts';
import { NOT_SYNCED, postgresArguments } from './postgres-defaults.ts';
import { type PostgresServer, runningServer } from './running-server.ts';
import type { PostgresSettings, ServerPlace } from './server-options.ts';
import { spawnServer } from './server-process.ts';
import { postgresUrl } from './server-urls.ts';
import { findLeftover } from './stop-leftover.ts';
import { closedDirectory, type SystemUser, unprivilegedUser } from './system-user.ts';

export type StartPostgresOptions = ServerPlace & {
  /** Of the superuser `postgres`. Set when the data directory is made, and must be the same ever after. */
  password: string;
  /** Default: a free one. */
  port?: number;
  /** Appended to. Default: `postgres.log` in the data directory. */
  logFile?: string;
  /** With `bin`, `lib`, `share`. Default: npm's own; see `preparePostgresBinaries`. */
  binariesDirectory?: string;
  settings?: PostgresSettings;
};

/**
 * Starts PostgreSQL on 127.0.0.1 (no Unix socket) and resolves once it accepts connections: about 0.3 s,
 * and 1 s more when it first makes the data directory. As root it runs as the user `postgres`, or else
 * `nobody`. The terminal's Ctrl-C does not reach it. After a crash it recovers by itself, and a stale
 * `postmaster.pid` does not stop it. Rejects, with the end of the server's log, if it ends or is not
 * ready within 60 s; and at once if a server already runs on the data directory (see `stopLeftover`) or
 * a directory can't be reached.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  if (options.dataDirectory) return startIn(resolve(options.dataDirectory), options);
  const directory = await createEphemeralDirectory();
  try {
    return await startIn(directory, options);
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
}

async function startIn(directory: string, options: StartPostgresOptions): Promise<PostgresServer> {
  const { ephemeral = false } = options;
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
    const url = postgresUrl(port, password);
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

function parameters({ ephemeral, settings }: StartPostgresOptions): string[] {
  return postgresArguments({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...(ephemeral && NOT_SYNCED),
    ...settings,
  });
}

async function assertReachable(path: string, user: SystemUser): Promise<void> {
  const closed = await closedDirectory(path, user);
  if (!closed) return;
  throw new Error(
    `PostgreSQL can't run as root, so it runs as the user ${user.name}, who may not enter ${closed} (on the way to ${path}). Choose a directory outside of it.`,
  );
}
