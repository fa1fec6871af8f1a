import { generateServiceKey } from '@shortstack/discovery';
import type { AppServer } from '@shortstack/server';
import type { SpanExporter } from '@shortstack/telemetry';
import { createTestDatabase, startTestRedis, type TestDatabase, until } from '@shortstack/testing';
import { Client } from 'pg';
import { afterAll } from 'vitest';
import type { HttpConfig } from '../src/config.ts';
import { startHttp } from '../src/start-http.ts';

export const appOrigin = 'http://app.test';
export const shortOrigin = 'http://sho.rt:3001';

export interface RunningCreate {
  /** For `inject`. It also listens: see `url`. */
  readonly app: AppServer;
  readonly internal: AppServer;
  readonly url: string;
  readonly internalUrl: string;
  readonly database: TestDatabase;
  /** Connected as the superuser, to see what was stored and to store what others would. */
  readonly sql: Client;
  readonly redis: { session: string; hub: string; cache: string };
  close(): Promise<void>;
}

/**
 * The real HTTP process of create inside this one, on servers and a database of its own (or on given ones), without
 * rate limits unless asked for. `exporter` takes its spans. Closed by itself when the test file ends.
 */
export async function startCreate(
  settings: Partial<HttpConfig> = {},
  database?: TestDatabase,
  exporter?: SpanExporter,
): Promise<RunningCreate> {
  const ownDatabase = database ?? (await createTestDatabase());
  const url = async (given: string | undefined) => given ?? (await startTestRedis()).url;
  const redis = {
    session: await url(settings.REDIS_SESSION_URL),
    hub: await url(settings.REDIS_HUB_URL),
    cache: await url(settings.REDIS_CACHE_URL),
  };
  const closers: (() => unknown)[] = [];
  const life = {
    useLogger: () => {},
    onClose: (_name: string, close: () => unknown) => void closers.push(close),
  };
  const config: HttpConfig = {
    INSTANCE_ID: `create-test-${process.pid}`,
    VERSION: 'test',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: 0,
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: 0,
    ADVERTISE_URL: 'http://127.0.0.1:1',
    APP_ORIGIN: appOrigin,
    SHORT_ORIGIN: shortOrigin,
    TRUSTED_PROXIES: [],
    IDLE_CONNECTION_GRACE_SECONDS: 0,
    DATABASE_URL: ownDatabase.urlFor('create'),
    DATABASE_POOL_SIZE: 10,
    REDIS_SESSION_URL: redis.session,
    REDIS_HUB_URL: redis.hub,
    REDIS_CACHE_URL: redis.cache,
    SESSION_IDLE_TTL_SECONDS: 3_600,
    SESSION_ABSOLUTE_TTL_SECONDS: 86_400,
    SERVICE_PRIVATE_KEY: JSON.stringify(await generateServiceKey()),
    RATE_LIMITS: false,
    DAILY_LINKS_PER_KEY: 50_000,
    LINK_TTL_SECONDS: 300,
    ...settings,
  };
  const { app, internal } = await startHttp(config, life, exporter);
  // On a busy machine the first request could come before a connection does.
  await until(async () => {
    const { dependencies } = (await internal.inject('/readyz')).json();
    return dependencies.every(({ state }: { state: string }) => state === 'up');
  });
  const sql = new Client({ connectionString: ownDatabase.ownerUrl });
  // The database is dropped under it at the end of the file.
  sql.on('error', () => {});
  await sql.connect();

  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await sql.end();
    for (const closer of closers.reverse()) await closer();
  };
  afterAll(close);
  return {
    app,
    internal,
    url: app.listeningOrigin,
    internalUrl: internal.listeningOrigin,
    database: ownDatabase,
    sql,
    redis,
    close,
  };
}
