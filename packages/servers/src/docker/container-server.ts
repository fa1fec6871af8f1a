import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { PortTaken } from '../free-port.ts';
import type { EphemeralServer } from '../servers.ts';
import { startFailure } from '../start-failure.ts';
import type { ContainerRuntime } from './container-runtime.ts';
import { tarArchive } from './tar-archive.ts';

export interface ContainerServerOptions {
  /** For messages, such as `Redis`. */
  name: string;
  image: string;
  command: string[];
  /** Names and values. Visible to everybody who may use Docker. */
  environment?: readonly string[];
  /** A text that is copied into the container, for what must not be visible. */
  file: { path: string; content: string };
  /** Where the server listens in the container. */
  containerPort: number;
  /** Where it is published, on 127.0.0.1 alone. */
  port: number;
  url: string;
  /** Whether the server answers. Must not reject. */
  isReady: () => Promise<boolean>;
}

type Container = ReturnType<ContainerRuntime['client']['container']['getById']>;

const START_TIMEOUT_MS = 60_000;
const PORT_TIMEOUT_MS = 2_000;
const POLL_MS = 20;
/** Docker's 64 MiB are too few for PostgreSQL's parallel queries. */
const SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

/**
 * Starts a server in a container. Rejects with `PortTaken`, or with the end of its log if it ends before it
 * is ready or is not ready within 60 s; no container is left then.
 *
 * It makes its containers itself instead of by Testcontainers' `GenericContainer`, which publishes ports to
 * the whole network, and which waits 10 s for the ports of a server that has ended at once.
 */
export async function startContainerServer(
  { client, labels }: ContainerRuntime,
  options: ContainerServerOptions,
): Promise<EphemeralServer> {
  const { port, url, containerPort, file } = options;
  const container = await client.container.create({
    Image: options.image,
    Cmd: options.command,
    Env: [...(options.environment ?? [])],
    Labels: labels,
    ExposedPorts: { [`${containerPort}/tcp`]: {} },
    HostConfig: {
      PortBindings: {
        [`${containerPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(port) }],
      },
      ShmSize: SHARED_MEMORY_BYTES,
    },
  });
  const kill = async (): Promise<void> => {
    const exited = exitCode(container);
    await unless(isConflict, container.kill());
    await exited;
  };
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => {
    removed ??= unless(isMissing, container.remove({ force: true, v: true }));
    return removed;
  };
  const start = async (): Promise<void> => {
    await startOnPort(container, port);
    await untilReady();
  };
  async function untilReady(): Promise<void> {
    let ended = false;
    void exitCode(container).then(() => {
      ended = true;
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await options.isReady())) {
      if (ended || Date.now() > deadline) {
        await kill();
        const exit = { code: await exitCode(container), signal: null };
        throw startFailure(options.name, exit, await text(await client.container.logs(container)));
      }
      await pause(POLL_MS);
    }
  }

  try {
    const archive = Readable.from([tarArchive(file.path, file.content)]);
    await client.container.putArchive(container, archive, '/');
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    port,
    get exited() {
      return exitCode(container);
    },
    kill,
    restart: start,
    suspend: () => container.pause(),
    resume: () => unless(isNotPaused, container.unpause()),
    stop: remove,
  };
}

interface DockerError extends Error {
  statusCode?: number;
}

const isMissing = ({ statusCode }: DockerError) => statusCode === 404;
/** It does not run. */
const isConflict = ({ statusCode }: DockerError) => statusCode === 409;
/** Docker answers 500, as to faults of its own. */
const isNotPaused = ({ message }: DockerError) => message.includes('is not paused');

/** Waits for the work, whose purpose is fulfilled already when it is refused for this reason. */
async function unless(
  reason: (error: DockerError) => boolean,
  work: Promise<unknown>,
): Promise<void> {
  await work.catch((error: DockerError) => {
    if (!reason(error)) throw error;
  });
}

/** Resolves when the container does not run any more; to null if it is gone. */
async function exitCode(container: Container): Promise<number | null> {
  try {
    return ((await container.wait()) as { StatusCode: number }).StatusCode;
  } catch {
    return null;
  }
}

/** A port stays taken for a moment after the container that had it was killed: it is asked for again for 2 s. */
async function startOnPort(container: Container, port: number): Promise<void> {
  const deadline = Date.now() + PORT_TIMEOUT_MS;
  for (;;) {
    try {
      await container.start();
      return;
    } catch (cause) {
      if (!/port is already allocated|address already in use/i.test(String(cause))) throw cause;
      if (Date.now() > deadline) throw new PortTaken(`Port ${port} is taken.`, { cause });
      await pause(POLL_MS);
    }
  }
}
