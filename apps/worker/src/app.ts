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
import { failedJobs } from './routes/failed-jobs.ts';
import { liveOverview } from './routes/live-overview.ts';
import { operations } from './routes/operations.ts';
import { queueBoards } from './routes/queue-boards.ts';
import { createAdminReader } from './routes/read-admin.ts';
import { refuseSession } from './routes/refuse-session.ts';
import { requireAdmin } from './routes/require-admin.ts';
import { shareSnapshots } from './share-snapshots.ts';

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

  const readAdmin = createAdminReader(sessions, signIn.cookie, options.accessTokens);
  const onlyAdmins = requireAdmin({
    readAdmin,
    signIn,
    opsOrigin: config.OPS_ORIGIN,
  });
  const snapshots = shareSnapshots(async () => ({
    at: new Date().toISOString(),
    isRegistryAway: hub.breaker.state !== 'closed',
    instances: (await askInstances(client, await resolver.list())).map((instance) => ({
      ...instance,
      publicUrl: instance.publicUrl ?? null,
    })),
  }));
  await operations(app, {
    onlyAdmins,
    directory: config.WEB_DIRECTORY,
    readOverview: () => snapshots.read(),
    switches: switchesOf(config),
  });
  liveOverview(app, { onlyAdmins, readAdmin, snapshots });
  const forward = createForwardToJobs({ resolver, tokens });
  failedJobs(app, { onlyAdmins, forward });
  await queueBoards(app, {
    onlyAdmins,
    rejectForeignWrites: rejectForeignWrites({
      origins: [config.OPS_ORIGIN],
      cookie: signIn.cookie,
    }),
    forward,
  });
  return app;
}

function switchesOf({ FAULT_SWITCHES_URL: url, FAULT_SWITCHES_TOKEN: token }: HttpConfig) {
  return url === undefined || token === undefined ? null : { url, token };
}
