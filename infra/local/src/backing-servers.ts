import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  preparePostgresBinaries,
  startPostgres,
  startRedis,
  stopLeftover,
} from '@shortstack/servers';
import type { Unit } from './unit.ts';

export interface BackingServerOptions {
  name: string;
  port: number;
  password: string;
  /** The stack's; the server has a directory of its own in it. */
  dataDirectory: string;
}

export interface RedisServerOptions extends Omit<BackingServerOptions, 'password'> {
  /** Decides on eviction and durability. */
  configFile: string;
  /** The server's users, as an ACL file has them. */
  acl: string;
  /** Of the user `admin`. */
  adminPassword: string;
}

/** A Redis server, with its ACL file in its data directory. */
export function redisServer(options: RedisServerOptions): Unit {
  const { port, configFile, acl, adminPassword } = options;
  const unit = backingServer(options);
  return {
    ...unit,
    faults: ['hang', 'stop'],
    async start() {
      const { dataDirectory } = unit.files;
      await mkdir(dataDirectory, { recursive: true });
      await writeFile(join(dataDirectory, ACL_FILE), acl, { mode: 0o600 });
      return startRedis({
        ...unit.files,
        port,
        configFile,
        username: 'admin',
        password: adminPassword,
        // A server looks for it in its data directory.
        settings: { aclfile: ACL_FILE },
      });
    },
  };
}

/** PostgreSQL, from npm's package or a copy of it that the user who runs it can reach. */
export function postgresServer(options: BackingServerOptions): Unit {
  const { port, password } = options;
  const unit = backingServer(options);
  return {
    ...unit,
    faults: ['slow', 'stop'],
    async start() {
      const binariesDirectory = await preparePostgresBinaries(options.dataDirectory);
      return startPostgres({ ...unit.files, port, password, binariesDirectory });
    },
  };
}

const ACL_FILE = 'users.acl';

function backingServer({ name, port, dataDirectory }: Omit<BackingServerOptions, 'password'>) {
  const files = {
    dataDirectory: join(dataDirectory, name),
    logFile: join(dataDirectory, 'logs', `${name}.log`),
  };
  return {
    name,
    ports: [port],
    logFile: files.logFile,
    files,
    stopLeftover: () => stopLeftover(files.dataDirectory),
    // Its start ends with the server answering.
    whyNotReady: async () => undefined,
  };
}
