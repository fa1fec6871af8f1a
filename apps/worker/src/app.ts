import { handOverPath, sessionCookieName } from '@shortstack/contracts';
import type {
  AccessTokenVerifier,
  Resolver,
  ServiceClient,
  ServiceTokenIssuer,
} from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import { type AppServer, createServer, problemPages } from '@shortstack/server';
import { createRemoteSignIn, rejectForeignWrites, type SessionStore } from '@shortstack/session';
import type { Logger, Metrics } from '@shortstack/telemetry';
import { askInstances } from './ask-instances.ts';
import type { HttpConfig } from './config.ts';
import { createForwardToJobs } from './forward-to-jobs.ts';
import { operations } from './routes/operations.ts';
import { queueBoards } from './routes/queue-boards.ts';
import { createAdminReader } from './routes/read-admin.ts';
import { refuseSession } from './routes/refuse-session.ts';
import { requireAdmin } from './routes/require-admin.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  sessions: SessionStore;
  accessTokens: AccessTokenVerifier;
  resolver: Resolver;
  client: ServiceClient;
  tokens: ServiceTokenIssuer;
  hub: RedisConnection;
}

/** The public server of worker: the operations pages. */
export async function createApp(options: AppOptions): Promise<AppServer> {
  const { config, logger, metrics, sessions, resolver, client, tokens, hub } = options;
  const app = createServer({
    logger,
    metrics,
    instanceId: config.INSTANCE_ID,
    trustProxy: config.TRUSTED_PROXIES,
    shedLoad: { metrics },
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

  const onlyAdmins = requireAdmin({
    readAdmin: createAdminReader(sessions, signIn.cookie, options.accessTokens),
    signIn,
    opsOrigin: config.OPS_ORIGIN,
  });
  operations(app, {
    onlyAdmins,
    askInstances: async () => askInstances(client, await resolver.list()),
    isRegistryAway: () => hub.breaker.state !== 'closed',
    now: () => new Date(),
  });
  await queueBoards(app, {
    onlyAdmins,
    rejectForeignWrites: rejectForeignWrites({
      origins: [config.OPS_ORIGIN],
      cookie: signIn.cookie,
    }),
    forward: createForwardToJobs({ resolver, tokens }),
  });
  return app;
}
