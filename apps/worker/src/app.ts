import { handOverPath, sessionCookieName } from '@shortstack/contracts';
import type { Resolver, ServiceClient } from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import { type AppServer, createServer, problemPages } from '@shortstack/server';
import { createRemoteSignIn, type SessionStore } from '@shortstack/session';
import type { Logger, Metrics } from '@shortstack/telemetry';
import { askInstances } from './ask-instances.ts';
import type { HttpConfig } from './config.ts';
import { operations } from './routes/operations.ts';
import { createAdminReader } from './routes/read-admin.ts';
import { refuseSession } from './routes/refuse-session.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  sessions: SessionStore;
  resolver: Resolver;
  client: ServiceClient;
  hub: RedisConnection;
}

/** The public server of worker: the operations pages. */
export function createApp(options: AppOptions): AppServer {
  const { config, logger, metrics, sessions, resolver, client, hub } = options;
  const app = createServer({
    logger,
    metrics,
    instanceId: config.INSTANCE_ID,
    trustProxy: config.TRUSTED_PROXIES,
    maxEventLoopDelayMs: 1_000,
    showProblem: problemPages(),
  });
  const signIn = createRemoteSignIn({
    store: sessions,
    site: config.OPS_ORIGIN,
    signInUrl: `${config.APP_ORIGIN}/sign-in`,
    cookie: {
      name: sessionCookieName,
      domain: config.COOKIE_DOMAIN,
      maxAgeSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
    },
  });
  signIn.receive(app, handOverPath, refuseSession);

  operations(app, {
    readAdmin: createAdminReader(sessions, signIn.cookie),
    askInstances: async () => askInstances(client, await resolver.list()),
    isRegistryAway: () => hub.breaker.state !== 'closed',
    signIn,
    opsOrigin: config.OPS_ORIGIN,
    now: () => new Date(),
  });
  return app;
}
