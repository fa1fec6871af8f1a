import { endWithProcess, removeDirectory } from './ephemeral-directory.ts';
import type { ServerExit, ServerProcess } from './server-process.ts';

/** A server that was started and answers. Whoever started it stops it. */
export interface RunningServer {
  /** Complete address with the password in it: never log it. */
  readonly url: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Set once the process has ended. */
  readonly exit: ServerExit | undefined;
  /**
   * Asks the server to shut down in good order and resolves when it is gone. A server that is still
   * there after 10 s gets SIGKILL. An ephemeral one is just ended, and its data directory removed. May be
   * called again.
   */
  stop(): Promise<void>;
  /** Sends a signal (for fault injection); does nothing once the server has ended. */
  kill(signal: NodeJS.Signals): void;
}

/** A Redis or Valkey server; `url` is `redis://[[user]:password@]127.0.0.1:port`. */
export type RedisServer = RunningServer;

/** A PostgreSQL server; `url` names the superuser `postgres` and the database `postgres`. */
export type PostgresServer = RunningServer;

/** Wraps the process of a server that is ready. One with an `ephemeralDirectory` ends with this process. */
export function runningServer(
  server: ServerProcess,
  {
    url,
    port,
    ephemeralDirectory,
  }: { url: string; port: number; ephemeralDirectory?: string | undefined },
): RunningServer {
  const callOff = ephemeralDirectory ? endWithProcess(server.pid, ephemeralDirectory) : undefined;
  if (ephemeralDirectory) server.unref();
  return {
    url,
    port,
    pid: server.pid,
    exited: server.exited,
    get exit() {
      return server.exit;
    },
    kill: (signal) => server.kill(signal),
    async stop() {
      await server.stop();
      callOff?.();
      if (ephemeralDirectory) await removeDirectory(ephemeralDirectory);
    },
  };
}
