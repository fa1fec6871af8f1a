import { sessionCookieName } from '@shortstack/contracts';
import type { Resolver } from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import { type AppServer, createServer, problemPages } from '@shortstack/server';
import { createSessionCookie, type SessionStore } from '@shortstack/session';
import type { Logger, Metrics } from '@shortstack/telemetry';
import type { HttpConfig } from './config.ts';
import { operations } from './routes/operations.ts';
import { createAdminReader } from './routes/read-admin.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  sessions: SessionStore;
  resolver: Resolver;
  hub: RedisConnection;
}

/** The public server of worker: the operations pages. */
export function createApp(options: AppOptions): AppServer {
  const { config, logger, metrics, sessions, resolver, hub } = options;
  const app = createServer({
    logger,
    metrics,
    instanceId: config.INSTANCE_ID,
    trustProxy: config.TRUSTED_PROXIES,
    maxEventLoopDelayMs: 1_000,
    showProblem: problemPages(),
  });
  const cookie = createSessionCookie({
    name: sessionCookieName,
    // Create has set it, so its origin decides how it is named.
    secure: config.APP_ORIGIN.startsWith('https:'),
    ...(config.COOKIE_DOMAIN === undefined ? {} : { domain: config.COOKIE_DOMAIN }),
  });

  operations(app, {
    readAdmin: createAdminReader(sessions, cookie),
    listInstances: () => resolver.list(),
    isRegistryAway: () => hub.breaker.state !== 'closed',
    appOrigin: config.APP_ORIGIN,
    opsOrigin: config.OPS_ORIGIN,
    now: () => new Date(),
  });
  return app;
}
