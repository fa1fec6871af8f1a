import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

const execute = promisify(execFile);

/**
 * The user that PostgreSQL runs as when this process is root, since it refuses to run as root:
 * `postgres` where there is one, else `nobody`. Undefined when this process is not root.
 */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([
        execute('id', ['-u', name]).then(({ stdout }) => Number(stdout)),
        execute('id', ['-g', name]).then(({ stdout }) => Number(stdout)),
      ]);
      return { name, uid, gid };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor a user `nobody` to run it as. Create one, or run as another user than root.',
  );
}

/**
 * The outermost directory on the way to `path` (and `path` itself) that `user` may not enter, if there
 * is one. Directories that don't exist yet count as enterable; access control lists are not looked at.
 */
export async function closedDirectory(path: string, user: SystemUser): Promise<string | undefined> {
  const parent = dirname(resolve(path));
  const above = parent === path ? undefined : await closedDirectory(parent, user);
  if (above !== undefined) return above;
  try {
    const { mode, uid, gid } = await stat(path);
    const enterable = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    return mode & enterable ? undefined : path;
  } catch {
    return undefined;
  }
}
