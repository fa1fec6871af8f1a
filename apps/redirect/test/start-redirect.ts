import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@shortstack/config';
import type { SpanExporter } from '@shortstack/telemetry';
import {
  createTestDatabase,
  openTestPool,
  startTestRedis,
  type TestDatabase,
  until,
} from '@shortstack/testing';
import type { Pool } from 'pg';
import { afterAll } from 'vitest';
import { httpConfig, jobsConfig } from '../src/config.ts';
import { startHttp } from '../src/start-http.ts';
import { startJobs } from '../src/start-jobs.ts';
import { redisConfigFile } from './redis-config-file.ts';
import { type Answer, type RequestParts, send } from './send.ts';

export const appOrigin = 'http://app.test:3000';
export const shortOrigin = 'http://short.test:3001';

type TestRedis = Awaited<ReturnType<typeof startTestRedis>>;
type Environment = Record<string, string>;

/** An HTTP process of redirect, as `main.ts` composes it, inside this process. */
export interface Instance {
  readonly url: string;
  readonly internalUrl: string;
  get(path: string, headers?: RequestParts['headers']): Promise<Answer>;
  send(path: string, parts?: RequestParts): Promise<Answer>;
  /** What `/metrics` shows under this name, all series added up; 0 without any. */
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

/** The servers that instances of redirect share, real and of the caller's own. */
export interface Stack {
  readonly database: TestDatabase;
  /** Connected as the superuser. */
  readonly sql: Pool;
  readonly redis: Readonly<Record<'session' | 'hub' | 'cache' | 'jobs', TestRedis>>;
  readonly spoolDirectory: string;
  /** What a process of redirect is started with. */
  environment(process: 'http' | 'jobs', settings?: Environment): Environment;
  /** Resolves when all that it depends on is connected. */
  startHttp(settings?: Environment, exporter?: SpanExporter): Promise<Instance>;
  startJobs(settings?: Environment, exporter?: SpanExporter): Promise<{ close(): Promise<void> }>;
}

let instances = 0;

/** Call it at the top of a test file; `given` is a database to use instead of one of the run's server. All that it starts, and that is started from it, is closed when the file ends. */
export async function startStack(given?: TestDatabase): Promise<Stack> {
  const start = (role: 'session' | 'hub' | 'cache' | 'jobs-redirect') =>
    startTestRedis({ configFile: redisConfigFile(role) });
  const [database, spoolDirectory, session, hub, cache, jobs] = await Promise.all([
    given ?? createTestDatabase(),
    mkdtemp(join(tmpdir(), 'redirect-spool-')),
    start('session'),
    start('hub'),
    start('cache'),
    start('jobs-redirect'),
  ]);
  const redis = { session, hub, cache, jobs };
  const sql = await openTestPool(database.ownerUrl);
  const closers: (() => Promise<unknown>)[] = [
    () => rm(spoolDirectory, { recursive: true, force: true }),
  ];
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  function environment(process: 'http' | 'jobs', settings: Environment = {}): Environment {
    instances += 1;
    return {
      INSTANCE_ID: `redirect-${process}-${instances}`,
      LOG_LEVEL: 'error',
      PORT: '0',
      INTERNAL_PORT: '0',
      ADVERTISE_URL: 'http://127.0.0.1:1',
      APP_ORIGIN: appOrigin,
      SHORT_ORIGIN: shortOrigin,
      DATABASE_URL: database.urlFor(process === 'http' ? 'redirect' : 'redirectJobs'),
      DATABASE_POOL_SIZE: '4',
      REDIS_SESSION_URL: session.url,
      REDIS_HUB_URL: hub.url,
      REDIS_CACHE_URL: cache.url,
      REDIS_JOBS_URL: jobs.url,
      SPOOL_DIRECTORY: spoolDirectory,
      UNLOCK_SECRET: 'only for tests, and long enough for one',
      RATE_LIMITS: 'off',
      COUNTRY_HEADER: 'x-country',
      WARM_UP_LINKS: '0',
      ...settings,
    };
  }

  /** Closes in reverse what a process opened, once, at the latest with the file. */
  function processLife() {
    const opened: (() => unknown)[] = [];
    const close = async () => {
      for (const each of opened.splice(0).reverse()) await each();
    };
    closers.push(close);
    const onClose = (_name: string, each: () => unknown) => void opened.push(each);
    return { life: { useLogger: () => undefined, onClose }, close };
  }

  return {
    database,
    sql,
    redis,
    spoolDirectory,
    environment,
    async startHttp(settings, exporter) {
      const { life, close } = processLife();
      const config = loadConfig(httpConfig, environment('http', settings));
      const { url, internalUrl } = await startHttp(config, life, undefined, exporter);
      await until(() => dependenciesAreUp(internalUrl), { message: 'redirect is not connected' });
      return {
        url,
        internalUrl,
        close,
        get: (path, headers = {}) => send(url, path, { headers }),
        send: (path, parts) => send(url, path, parts),
        metric: async (name) => sumOf((await send(internalUrl, '/metrics')).body, name),
      };
    },
    async startJobs(settings, exporter) {
      const { life, close } = processLife();
      const config = loadConfig(jobsConfig, environment('jobs', settings));
      await startJobs(config, life, undefined, exporter);
      return { close };
    },
  };
}

async function dependenciesAreUp(internalUrl: string): Promise<boolean> {
  const { dependencies } = (await send(internalUrl, '/readyz')).json() as {
    dependencies: { state: string }[];
  };
  return dependencies.every(({ state }) => state === 'up');
}

function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.split(/}? (?=[^ ]+$)/).at(-1)), 0);
}
