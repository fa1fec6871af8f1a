import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { freePortOffset } from '../../../../../infra/local/src/free-port-offset.ts';
import { openSecrets } from '../../../../../infra/local/src/secrets.ts';
import { demoAccount } from '../../../../../infra/local/src/seed.ts';
import { stack as describeStack } from '../../../../../infra/local/src/stack.ts';
import type { RunningUnit, Unit } from '../../../../../infra/local/src/unit.ts';
import type { Stack } from './stack.ts';
import { stackPrefix } from './sweep-stacks.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const startsWithinMs = 60_000;

/**
 * Starts the whole of Shortstack with the very parts of `npm start`: six Redis servers with the configuration and users of their roles,
 * PostgreSQL, and every process of every service. The ports are free ones, the data new and removed at the end.
 */
export async function openStack(): Promise<Stack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), `${stackPrefix}${process.pid}-`));
  // As root, PostgreSQL runs as another user, who must get to its own directory.
  await chmod(dataDirectory, 0o711);
  await Promise.all(['logs', 'run'].map((name) => mkdir(join(dataDirectory, name))));
  const secrets = openSecrets(join(dataDirectory, 'secrets.json'));
  const portOffset = await freePortOffset();
  const described = describeStack({ root, dataDirectory, portOffset, secrets });
  const units = [...described.postgres, ...described.redis, ...described.services];
  const running = new Map<string, RunningUnit>();
  const unitOf = (name: string): Unit => {
    const unit = units.find((each) => each.name === name);
    if (unit === undefined) throw new Error(`The stack has no ${name}`);
    return unit;
  };
  const start = async (unit: Unit, env: Readonly<Record<string, string>> = {}) => {
    const started = await withEnvironment(env, () => unit.start());
    running.set(unit.name, started);
    await untilReady(unit, started);
  };
  const address = (port: number) => `127.0.0.1:${port + portOffset}`;
  const ownerUrl = `postgres://postgres:${secrets.password('postgres')}@${address(5400)}/shortstack`;
  // For writing millions of rows; the services' connections are as they are.
  const options = '-c work_mem=256MB -c maintenance_work_mem=512MB';
  const pool = new Pool({ connectionString: ownerUrl, max: 4, options });
  pool.on('error', () => {});

  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await pool.end();
    for (const group of [described.services, described.redis, described.postgres]) {
      await Promise.all(group.map(async ({ name }) => running.get(name)?.stop()));
    }
    await rm(dataDirectory, { recursive: true, force: true });
  };
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  try {
    const compiled = described.compile(new AbortController().signal);
    await Promise.all([...described.postgres, ...described.redis].map((unit) => start(unit)));
    await described.prepare();
    await compiled;
    // Links are made faster than a key may in a day.
    const env = { DAILY_LINKS_PER_KEY: '1000000' };
    await Promise.all(described.services.map((unit) => start(unit, env)));
    await described.finish();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    appOrigin: `http://${address(3000)}`,
    // What the service takes for its own site.
    appSite: `http://localhost:${3000 + portOffset}`,
    shortOrigin: `http://${address(3001)}`,
    metricsUrl: `http://${address(9301)}/metrics`,
    createMetricsUrl: `http://${address(9300)}/metrics`,
    ownerUrl,
    cacheUrl: `redis://admin:${secrets.password('redis-cache-admin')}@${address(6402)}`,
    admin: demoAccount(secrets),
    names: units.map(({ name }) => name),
    pid: (name) => running.get(name)?.pid ?? 0,
    sql: async (text, values = []) => (await pool.query(text, [...values])).rows,
    async restart(name, env) {
      await running.get(name)?.stop();
      await start(unitOf(name), env);
    },
    close,
  };
}

/** A service takes over this process's environment at the moment when it is started. */
function withEnvironment<T>(env: Readonly<Record<string, string>>, start: () => T): T {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  try {
    return start();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function untilReady(unit: Unit, { exited }: RunningUnit): Promise<void> {
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  const deadline = Date.now() + startsWithinMs;
  for (;;) {
    const why = await unit.whyNotReady();
    if (why === undefined) return;
    if (hasEnded || Date.now() > deadline) {
      const log = await readFile(unit.logFile, 'utf8').catch(() => '');
      throw new Error(`${why}. The end of its log:\n${log.trimEnd().slice(-2_000)}`);
    }
    await pause(50);
  }
}
