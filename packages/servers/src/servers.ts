import type { PostgresSettings, RedisOptions } from './server-options.ts';

/** Containers, or plain processes of this machine. */
export type ServersBackend = 'docker' | 'native';

/** Starts servers that go with this process, in containers or natively: what is promised here holds for both. */
export interface Servers {
  readonly backend: ServersBackend;
  /** What is used and why, for a person to read. */
  readonly description: string;
  /** Resolves once the server answers and is empty: 50 ms natively, 0.3 s in a container. */
  startRedis(options?: RedisOptions): Promise<EphemeralServer>;
  /** The superuser is `postgres`, and so is the database of the `url`: 1 s natively, 2 s in a container. */
  startPostgres(options: EphemeralPostgresOptions): Promise<EphemeralServer>;
  /** Stops all servers that are left. */
  close(): Promise<void>;
}

export interface EphemeralPostgresOptions {
  /** Of the superuser `postgres`. */
  password: string;
  /** Default: a free one. */
  port?: number;
  settings?: PostgresSettings;
}

/**
 * A server whose data lasts as long as this process at most. Nothing is synced to the disk, but what the
 * server has stored outlives its own crash.
 */
export interface EphemeralServer {
  /** Complete address with the password in it: never log it. */
  readonly url: string;
  /** TCP port on 127.0.0.1, the same after a restart. */
  readonly port: number;
  /** Resolves when the present run has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<unknown>;
  /** A crash (SIGKILL), also of a suspended server. Resolves when it is gone; its data stays. */
  kill(): Promise<void>;
  /** After an end: starts again with what was stored. Resolves once it answers. */
  restart(): Promise<void>;
  /** Makes it hang: it keeps its connections and answers nothing. */
  suspend(): Promise<void>;
  /** Lets a suspended server go on; does nothing to another. */
  resume(): Promise<void>;
  /** Ends it at once, suspended or not, and removes its data. May be called again. */
  stop(): Promise<void>;
}
