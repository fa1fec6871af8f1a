import { execFile } from 'node:child_process';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOCALE_ARGUMENTS } from './postgres-defaults.ts';
import type { SystemUser } from './system-user.ts';

const execute = promisify(execFile);

export interface InitialisePostgresOptions {
  binariesDirectory: string;
  /** Absent or empty, or initialised already. */
  directory: string;
  /** For the superuser `postgres`. */
  password: string;
  user: SystemUser | undefined;
  /** False for data that may be lost: saves a second on slow disks. */
  durable: boolean;
}

/**
 * Makes a data directory with the superuser `postgres`, passwords by SCRAM, UTF-8, and an order of
 * strings (code points) that is the same on every system. Does nothing if it has been made before.
 * All or nothing: what an interrupted call leaves behind is beside the data directory, not in it.
 */
export async function initialisePostgres(options: InitialisePostgresOptions): Promise<void> {
  const { directory, user } = options;
  if (await exists(join(directory, 'PG_VERSION'))) return;

  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'data'), { recursive: true, mode: 0o700 });
  const passwordFile = join(unfinished, 'password');
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  if (user) {
    for (const path of [unfinished, join(unfinished, 'data'), passwordFile]) {
      await chown(path, user.uid, user.gid);
    }
  }
  try {
    await initdb(options, join(unfinished, 'data'), passwordFile);
    await rename(join(unfinished, 'data'), directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function initdb(
  { binariesDirectory, user, durable }: InitialisePostgresOptions,
  pgdata: string,
  passwordFile: string,
): Promise<void> {
  const args = [
    `--pgdata=${pgdata}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    ...LOCALE_ARGUMENTS,
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  await execute(join(binariesDirectory, 'bin/initdb'), args, {
    cwd: pgdata,
    ...(user && { uid: user.uid, gid: user.gid }),
  });
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    // Someone else's data directory can't be looked into; it must not be taken for an empty one.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}
