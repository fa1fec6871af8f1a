import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPorts, until } from '@shortstack/testing';
import { onTestFinished } from 'vitest';

/** What the supervisor of `stubs/main.ts` is told. */
export interface StubStack {
  dataDirectory: string;
  ports: { first: number; second: number; redis: number; postgres: number; switches: number };
  /** For the service `first`. */
  firstEnvironment?: Record<string, string>;
  withPostgres?: boolean;
  /** Its apps `first` and `second` are what is run and worked on: see `makeStubCheckout`. */
  checkout?: string;
}

/** A data directory and free ports for one test. The directory goes when the test ends. */
export async function makeStubStack(options: Partial<StubStack> = {}): Promise<StubStack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'shortstack-local-'));
  // As root, PostgreSQL's own user must get to its data.
  await chmod(dataDirectory, 0o711);
  onTestFinished(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }));
  const claim = await claimPorts();
  const next = () => claim.next();
  const ports = {
    first: next(),
    second: next(),
    redis: next(),
    postgres: next(),
    switches: next(),
  };
  return { dataDirectory, ports, ...options };
}

export interface Supervisor {
  pid: number;
  /** All that it has printed until now. */
  output(): string;
  /** Resolves when it has printed this. */
  says(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves to the exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>;
}

/** Starts the supervisor as a program. It is stopped, and what it left too, when the test ends. */
export async function startSupervisor(stack: StubStack): Promise<Supervisor> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', join(import.meta.dirname, 'stubs/main.ts')],
    {
      env: { PATH: process.env.PATH, STUB_STACK: JSON.stringify(stack) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  await once(child, 'spawn');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  return {
    pid: child.pid as number,
    output: () => output,
    says: async (text) => {
      const said = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
      await until(said, { deadlineMs: 30_000, message: `It did not say ${text}` }).catch(
        (error) => {
          throw new Error(`${error.message}; it said:\n${output}`);
        },
      );
    },
    kill: (signal) => child.kill(signal),
    exited,
  };
}

/** Whether anything listens on a port of 127.0.0.1. */
export async function isServed(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return false;
  } catch {
    return true;
  } finally {
    server.close();
  }
}
