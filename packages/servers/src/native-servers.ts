import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEphemeralDirectory, removeDirectory } from './ephemeral-directory.ts';
import { preparePostgresBinaries } from './postgres-binaries.ts';
import { signalFamily } from './process-family.ts';
import type { RunningServer } from './running-server.ts';
import type { EphemeralServer, Servers } from './servers.ts';
import { startPostgres } from './start-postgres.ts';
import { startRedis } from './start-redis.ts';

/** Servers that are plain processes of this machine, with data in its directory for temporary files. */
export function createNativeServers(description: string): Servers {
  const started: EphemeralServer[] = [];
  const add = async (start: StartIn): Promise<EphemeralServer> => {
    const server = await ephemeralServer(start);
    started.push(server);
    return server;
  };
  return {
    backend: 'native',
    description,
    startRedis: (options = {}) => add((place) => startRedis({ ...options, ...place })),
    async startPostgres(options) {
      const copyInto = join(tmpdir(), 'shortstack-binaries');
      const binariesDirectory = await preparePostgresBinaries(copyInto);
      return add((place) => startPostgres({ ...options, binariesDirectory, ...place }));
    },
    async close() {
      await Promise.all(started.splice(0).map((server) => server.stop()));
    },
  };
}

type StartIn = (place: {
  ephemeral: true;
  dataDirectory: string;
  port?: number;
}) => Promise<RunningServer>;

async function ephemeralServer(start: StartIn): Promise<EphemeralServer> {
  const dataDirectory = await createEphemeralDirectory();
  let server: RunningServer;
  try {
    server = await start({ ephemeral: true, dataDirectory });
  } catch (error) {
    await removeDirectory(dataDirectory);
    throw error;
  }
  const { url, port } = server;
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (!server.exit) await signalFamily(server.pid, name);
  };
  const kill = async (): Promise<void> => {
    await signal('SIGKILL');
    server.kill('SIGKILL');
    await server.exited;
  };
  return {
    url,
    port,
    get exited() {
      return server.exited;
    },
    kill,
    async restart() {
      server = await start({ ephemeral: true, dataDirectory, port });
    },
    suspend: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async stop() {
      await kill();
      await server.stop();
    },
  };
}
