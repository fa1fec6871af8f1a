import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrate, postgresRoles } from '@shortstack/db';
import { startPostgres, startRedis } from '@shortstack/servers';
import { Client } from 'pg';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Subjects {
  /** A plain public link. */
  slugUrl: string;
  ownerUrl: string;
  /** Of the redirect process. */
  metricsUrl: string;
  pids: { redirect: number; redirectJobs: number; clickRedis: number; postgres: number };
  startBare(headers: Record<string, string>): Promise<{ url: string; pid: number }>;
  close(): Promise<void>;
}

/**
 * Starts what a redirect needs as `npm start` does: PostgreSQL, the Redis servers with the configuration of
 * `infra/redis`, and both processes of redirect with all that is on by default, on free ports and with data of
 * their own that is removed at the end. PostgreSQL keeps fsync on.
 */
export async function startSubjects(): Promise<Subjects> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    return await openSubjects(closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSubjects(
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Subjects> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-bench-'));
  closers.push(() => rm(directory, { recursive: true, force: true }));
  const secret = () => randomBytes(24).toString('base64url');
  const redis = async (config: string) => {
    const server = await startRedis({
      ephemeral: true,
      password: secret(),
      configFile: join(root, 'infra/redis', config),
    });
    closers.push(() => server.stop());
    return server;
  };
  const postgres = await startPostgres({
    ephemeral: true,
    password: secret(),
    settings: { fsync: 'on' },
  });
  closers.push(() => postgres.stop());
  const [session, hub, cache, jobs] = await Promise.all(
    ['session.conf', 'hub.conf', 'cache.conf', 'jobs-redirect.conf'].map(redis),
  );
  const passwords = {
    create: secret(),
    redirect: secret(),
    redirectJobs: secret(),
    worker: secret(),
  };
  await migrate({ ownerUrl: postgres.url, passwords });
  await addLink(postgres.url);

  const roleUrl = (role: keyof typeof postgresRoles) => {
    const url = new URL(postgres.url);
    url.username = postgresRoles[role];
    url.password = passwords[role];
    return url.href;
  };
  const startNode = async (
    program: string,
    env: Record<string, string>,
    ready: string,
    args: string[] = [],
  ) => {
    const child = spawn(process.execPath, ['--conditions=source', join(root, program), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    closers.push(() => stop(child));
    await untilAnswers(ready, child);
    return child.pid ?? 0;
  };
  const [port, internalPort, jobsInternalPort] = await freePorts(3);
  const shared = (internal: number | undefined) => ({
    LOG_LEVEL: 'error',
    INTERNAL_PORT: `${internal}`,
    ADVERTISE_URL: `http://127.0.0.1:${internal}`,
    REDIS_HUB_URL: hub?.url ?? '',
    REDIS_CACHE_URL: cache?.url ?? '',
    REDIS_JOBS_URL: jobs?.url ?? '',
    SPOOL_DIRECTORY: join(directory, 'spool'),
  });
  const redirect = await startNode(
    'apps/redirect/src/main.ts',
    {
      ...shared(internalPort),
      DATABASE_URL: roleUrl('redirect'),
      PORT: `${port}`,
      APP_ORIGIN: 'http://localhost:1',
      SHORT_ORIGIN: `http://localhost:${port}`,
      REDIS_SESSION_URL: session?.url ?? '',
      UNLOCK_SECRET: secret(),
    },
    `http://127.0.0.1:${internalPort}/readyz`,
  );
  const redirectJobs = await startNode(
    'apps/redirect/src/jobs.ts',
    { ...shared(jobsInternalPort), DATABASE_URL: roleUrl('redirectJobs') },
    `http://127.0.0.1:${jobsInternalPort}/readyz`,
  );

  return {
    slugUrl: `http://127.0.0.1:${port}/bench`,
    ownerUrl: postgres.url,
    metricsUrl: `http://127.0.0.1:${internalPort}/metrics`,
    pids: { redirect, redirectJobs, clickRedis: jobs?.pid ?? 0, postgres: postgres.pid },
    async startBare(headers) {
      const [barePort] = await freePorts(1);
      const url = `http://127.0.0.1:${barePort}/bench`;
      const pid = await startNode('apps/load/src/bench/bare-server.ts', {}, url, [
        `${barePort}`,
        JSON.stringify(headers),
      ]);
      return { url, pid };
    },
    close,
  };
}

async function addLink(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(
      `WITH account AS (INSERT INTO accounts (email, password_hash, session_tag) VALUES ('bench@example.com', '', '') RETURNING id)
       INSERT INTO links (account_id, slug, url) SELECT id, 'bench', 'https://example.com/a/rather/usual/path?with=a&query=too' FROM account`,
    );
  } finally {
    await client.end();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  let last = 'it ended at once';
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(1_000),
    }).catch(() => undefined);
    if (answer !== undefined && answer.status < 400) return;
    last = answer === undefined ? 'nothing answers' : `${answer.status} ${await answer.text()}`;
    await wait(50);
  }
  throw new Error(`${url} did not become ready: ${last}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 25_000);
  await ended;
  clearTimeout(timer);
}
