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

/** A Redis server; its configuration file decides on eviction and durability. */
export function redisServer(options: BackingServerOptions & { configFile: string }): Unit {
  const { port, password, configFile } = options;
  const unit = backingServer(options);
  return { ...unit, start: () => startRedis({ ...unit.files, port, password, configFile }) };
}

/** PostgreSQL, from npm's package or a copy of it that the user who runs it can reach. */
export function postgresServer(options: BackingServerOptions): Unit {
  const { port, password } = options;
  const unit = backingServer(options);
  return {
    ...unit,
    async start() {
      const binariesDirectory = await preparePostgresBinaries(options.dataDirectory);
      return startPostgres({ ...unit.files, port, password, binariesDirectory });
    },
  };
}

function backingServer({ name, port, dataDirectory }: BackingServerOptions) {
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
