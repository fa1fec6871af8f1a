import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { Stack } from '../../e2e/src/stack.ts';
import { freePortOffset } from '../../local/src/free-port-offset.ts';
import { openSecrets } from '../../local/src/secrets.ts';
import { demoAccount } from '../../local/src/seed.ts';
import type { Login } from './open-people.ts';

export interface OwnStack extends Stack {
  /** PostgreSQL, as the superuser. */
  readonly ownerUrl: string;
  /** An administrator with a few links. */
  readonly demo: Login;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

const startsWithinMs = 120_000;

/**
 * Starts what `npm start` starts, on free ports and with new data; resolves when the demo links are there. `settingsFor` says what else
 * is in its environment.
 */
export async function startOwnStack(
  settingsFor: (appOrigin: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<OwnStack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'shortstack-browser-'));
  // As root, PostgreSQL's own user must get to its data.
  await chmod(dataDirectory, 0o711);
  const offset = await freePortOffset();
  const origin = (port: number) => `http://localhost:${port + offset}`;
  const settings = await settingsFor(origin(3000));
  const program = join(import.meta.dirname, 'own-stack-program.ts');
  const child = spawn(process.execPath, ['--conditions=source', program, dataDirectory], {
    env: {
      ...process.env,
      ...{ PORT_OFFSET: `${offset}`, RATE_LIMITS: 'off', METADATA_FETCH: 'off' },
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilWelcome(child.stdout);
  } catch (error) {
    await end();
    throw error;
  }
  const secrets = openSecrets(join(dataDirectory, 'secrets.json'));
  const ownerUrl = `postgres://postgres:${secrets.password('postgres')}@127.0.0.1:${5400 + offset}/shortstack`;
  const pool = new Pool({ connectionString: ownerUrl, max: 2 });
  // The end of the stack breaks idle connections.
  pool.on('error', () => {});
  return {
    appOrigin: origin(3000),
    shortOrigin: origin(3001),
    opsOrigin: origin(3002),
    ownerUrl,
    demo: demoAccount(secrets),
    sql: async (text, values = []) => (await pool.query(text, [...values])).rows,
    async close() {
      await pool.end();
      await end();
    },
  };
}

/** The welcome that `npm start` ends with says how to stop. */
async function untilWelcome(output: NodeJS.ReadableStream): Promise<void> {
  let said = '';
  const welcome = new Promise<void>((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C')) resolve();
    });
    output.on('end', () => reject(new Error(`The stack ended:\n${said}`)));
    setTimeout(
      () => reject(new Error(`The stack is not up after ${startsWithinMs / 1_000} s:\n${said}`)),
      startsWithinMs,
    ).unref();
  });
  await welcome;
}
