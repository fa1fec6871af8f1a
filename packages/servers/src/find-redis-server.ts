import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * The path of `redis-server`, or else of `valkey-server`, on PATH. Rejects with how to install one when
 * there is neither. Any version from 7.0 on will do; the version is not checked.
 */
export async function findRedisServer(path: string = process.env.PATH ?? ''): Promise<string> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const directory of path.split(delimiter).filter(Boolean)) {
      const file = join(directory, name);
      try {
        await access(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next directory.
      }
    }
  }
  throw new Error(
    'Neither redis-server nor valkey-server is on PATH. Install one, 7.0 or newer: `apt install redis-server`, `dnf install valkey`, `brew install redis`.',
  );
}
