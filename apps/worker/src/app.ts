import { sessionCookieName } from '@shortstack/contracts';
import type { Resolver, ServiceTokenIssuer } from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import { type AppServer, createServer, problemPages } from '@shortstack/server';
import { createSessionCookie, rejectForeignWrites, type SessionStore } from '@shortstack/session';
import type { Logger, Metrics } from '@shortstack/telemetry';
import type { HttpConfig } from './config.ts';
import { createForwardToJobs } from './forward-to-jobs.ts';
import { operations } from './routes/operations.ts';
import { queueBoards } from './routes/queue-boards.ts';
import { createAdminReader } from './routes/read-admin.ts';
import { requireAdmin } from './routes/require-admin.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  sessions: SessionStore;
  resolver: Resolver;
  tokens: ServiceTokenIssuer;
  hub: RedisConnection;
}

/** The public server of worker: the operations pages. */
export async function createApp(options: AppOptions): Promise<AppServer> {
  const { config, logger, metrics, sessions, resolver, tokens, hub } = options;
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

  const onlyAdmins = requireAdmin({
    readAdmin: createAdminReader(sessions, cookie),
    appOrigin: config.APP_ORIGIN,
    opsOrigin: config.OPS_ORIGIN,
  });
  operations(app, {
    onlyAdmins,
    listInstances: () => resolver.list(),
    isRegistryAway: () => hub.breaker.state !== 'closed',
    now: () => new Date(),
  });
  await queueBoards(app, {
    onlyAdmins,
    rejectForeignWrites: rejectForeignWrites({ origins: [config.OPS_ORIGIN], cookie }),
    forward: createForwardToJobs({ resolver, tokens }),
  });
  return app;
}
