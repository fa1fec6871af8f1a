import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateServiceKey } from '@shortstack/discovery';
import {
  closeAfterFile,
  createTestDatabase,
  createTestLife,
  openTestPool,
  startTestRedis,
  type TestDatabase,
} from '@shortstack/testing';
import type { HttpConfig, JobsConfig } from '../src/config.ts';
import { startHttp } from '../src/start-http.ts';
import { startJobs } from '../src/start-jobs.ts';

export const appOrigin = 'http://app.test';
export const opsOrigin = 'http://ops.test';

/** Holds a page as the build of apps/web does. It goes with the test file. */
async function makeWebDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'operations-'));
  closeAfterFile(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'ops.html'), '<title>Operations</title>');
  return directory;
}

let instances = 0;
function shared() {
  instances += 1;
  return {
    INSTANCE_ID: `worker-test-${process.pid}-${instances}`,
    VERSION: '1.2.3',
    LOG_LEVEL: 'error' as const,
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: 0,
    ADVERTISE_URL: 'http://127.0.0.1:1',
  };
}

/** The real HTTP process of worker inside this one, on Redis servers of its own or on given ones. */
export async function startWorkerHttp(settings: Partial<HttpConfig> = {}) {
  const life = createTestLife();
  const config: HttpConfig = {
    ...shared(),
    HOST: '127.0.0.1',
    PORT: 0,
    APP_ORIGIN: appOrigin,
    OPS_ORIGIN: opsOrigin,
    WEB_DIRECTORY: await makeWebDirectory(),
    TRUSTED_PROXIES: [],
    IDLE_CONNECTION_GRACE_SECONDS: 0,
    REDIS_SESSION_URL: settings.REDIS_SESSION_URL ?? (await startTestRedis()).url,
    REDIS_HUB_URL: settings.REDIS_HUB_URL ?? (await startTestRedis()).url,
    REDIS_JOBS_URL: settings.REDIS_JOBS_URL ?? (await startTestRedis()).url,
    SESSION_IDLE_TTL_SECONDS: 3_600,
    SESSION_ABSOLUTE_TTL_SECONDS: 86_400,
    SERVICE_PRIVATE_KEY: JSON.stringify(await generateServiceKey()),
    ...settings,
  };
  return { ...(await startHttp(config, life)), config, close: life.close };
}

/** The real jobs process of worker inside this one, likewise. */
export async function startWorkerJobs(database: TestDatabase, settings: Partial<JobsConfig> = {}) {
  const life = createTestLife();
  const config: JobsConfig = {
    ...shared(),
    REDIS_HUB_URL: settings.REDIS_HUB_URL ?? (await startTestRedis()).url,
    REDIS_JOBS_URL: settings.REDIS_JOBS_URL ?? (await startTestRedis()).url,
    DATABASE_URL: database.urlFor('worker'),
    DATABASE_POOL_SIZE: 3,
    CODE_POOL_LOW_BLOCKS: 2,
    CODE_POOL_HIGH_BLOCKS: 4,
    EXPIRED_LINK_RETENTION_DAYS: 30,
    CLICK_RETENTION_DAYS: 90,
    ...settings,
  };
  return { ...(await startJobs(config, life)), config, close: life.close };
}

/** A database of the test's own, and connections to it as the superuser. */
export async function openDatabase() {
  const database = await createTestDatabase();
  const owner = await openTestPool(database.ownerUrl);
  return { database, owner };
}
