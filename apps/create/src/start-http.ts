import { createLeaderboard, createUniqueVisitors } from '@shortstack/analytics';
import { cacheMetrics } from '@shortstack/cache';
import { advertisedUrl, redisTls } from '@shortstack/config';
import {
  accessTokenKeysPath,
  redisKeys,
  redisPolicies,
  redisTrials,
  shownMetrics,
} from '@shortstack/contracts';
import {
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import { createSubscriber, createWatchList } from '@shortstack/events';
import {
  checkAccess,
  connectRedis,
  type RedisConnection,
  readServerFigures,
  warnOfServerPolicy,
} from '@shortstack/redis';
import {
  type AppServer,
  closeServer,
  createInternalServer,
  createReadiness,
  describeProcess,
  type ProcessLife,
} from '@shortstack/server';
import {
  createLogger,
  createMetrics,
  createTracing,
  observePools,
  observeRedisServers,
  type SpanExporter,
  subscribeToPatterns,
} from '@shortstack/telemetry';
import { createAccessTokens } from './access-tokens.ts';
import { createApp } from './app.ts';
import type { HttpConfig } from './config.ts';
import { createRateLimits } from './create-rate-limits.ts';
import { createGuardedDatabase } from './data/guarded-database.ts';
import { createOutboxBell } from './data/outbox.ts';
import { createPasswordHasher } from './domain/password-hasher.ts';
import { createSeal } from './domain/seal.ts';
import { createKeyCache } from './key-cache.ts';
import { linkBoardPorts } from './link-board.ts';
import { createLinkCache } from './link-cache.ts';
import { linkVisitorsPorts } from './link-visitors.ts';
import { createLiveClickFeed } from './live-clicks.ts';
import { parseOidcProviders } from './oidc-providers.ts';
import { openCodeSupply } from './open-code-supply.ts';
import { openServiceCalls, serviceSecret } from './open-service-calls.ts';
import { openSessions } from './open-sessions.ts';
import { openSettings } from './open-settings.ts';
import type {} from './session-data.ts';
import { createStatsCache } from './stats-cache.ts';

/** Opens the HTTP process of create. What is opened first is closed last. `exporter` takes spans instead of the collector. */
export async function startHttp(
  config: HttpConfig,
  life: ProcessLife,
  exporter?: SpanExporter,
): Promise<{ app: AppServer; internal: AppServer }> {
  const providers = parseOidcProviders(config.OIDC_PROVIDERS);
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'create', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'create', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = createTracing({ service: 'create', instanceId, endpoint, logger, exporter });
  life.onClose('tracing', () => tracing.close());

  const tls = redisTls(config);
  const connect = (name: keyof typeof redisPolicies, url: string): RedisConnection => {
    const connection = connectRedis({ name, url, tls, gatherWrites: true });
    life.onClose(`redis-${name}`, () => connection.close());
    warnOfServerPolicy(connection, redisPolicies[name], (warning) => logger.warn(warning));
    return connection;
  };
  const sessionRedis = connect('session', config.REDIS_SESSION_URL);
  const hub = connect('hub', config.REDIS_HUB_URL);
  const cache = connect('cache', config.REDIS_CACHE_URL);
  const database = createGuardedDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: config.DATABASE_POOL_SIZE,
    onError: (err) => logger.warn({ err }, 'an idle PostgreSQL connection broke'),
  });
  life.onClose('database', () => database.close());
  observePools(metrics, { main: database.connections });
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      session: () => readServerFigures(sessionRedis),
      cache: () => readServerFigures(cache),
    }),
  );
  await Promise.all([
    checkAccess(sessionRedis, redisTrials.session),
    checkAccess(hub, redisTrials.hub),
    checkAccess(cache, redisTrials.cache),
    database.checkAccess(),
  ]);

  const now = () => new Date();
  const linkCache = createLinkCache(cache, config.LINK_TTL_SECONDS);
  life.onClose('link cache', () => linkCache.close());
  const keys = createKeyCache(database);
  life.onClose('key cache', () => keys.close());
  const stats = createStatsCache(database, cache, now);
  life.onClose('statistics cache', () => stats.close());
  for (const { name, help, type, read } of cacheMetrics({
    links: linkCache,
    'api-keys': keys,
    stats,
  })) {
    metrics.observe(name, help, type, read);
  }
  const accessTokens = createAccessTokens({
    database,
    seal: createSeal(serviceSecret(config), 'keys of access tokens'),
    issuer: config.APP_ORIGIN,
    now,
    onError: (err) => logger.debug({ err }, 'the keys of access tokens were not read'),
  });
  life.onClose('access tokens', () => accessTokens.close());
  const bell = createOutboxBell(database);
  life.onClose('outbox bell', () => bell.close());
  const { worker, resolver, tokens } = openServiceCalls(config, hub, life);
  const codes = openCodeSupply(database, worker, metrics);
  const subscriber = createSubscriber({
    url: config.REDIS_HUB_URL,
    tls,
    onError: (err) => logger.debug({ err }, 'listening to the hub is interrupted'),
  });
  life.onClose('subscriber', () => subscriber.close());
  const settings = openSettings({ database, hub, subscriber, tracing, logger });
  life.onClose('settings', () => settings.close());
  // So that maintenance holds from the first request on; without PostgreSQL nothing can be written anyway.
  await settings.refresh();
  void tracing.setRatio(settings.current().traceRatio);
  metrics.observe('shortstack_maintenance', 'Whether writes are refused', 'gauge', () => [
    { value: Number(settings.current().maintenance) },
  ]);
  const liveClicks = createLiveClickFeed({
    subscriber,
    watchList: createWatchList({ redis: hub, key: redisKeys.watchedLinks }),
    onError: (err) => logger.debug({ err }, 'watched links could not be renewed'),
  });
  life.onClose('live clicks', () => liveClicks.close());

  const { sessions, sessionWatch } = openSessions({ config, redis: sessionRedis, life, logger });

  const app = await createApp({
    config,
    logger,
    metrics,
    tracing,
    database,
    sessionRedis,
    sessions,
    sessionWatch,
    limits: createRateLimits(hub, config, settings.current),
    board: linkBoardPorts(database, createLeaderboard({ redis: hub, name: 'redirect' }), now),
    visitors: linkVisitorsPorts(
      database,
      createUniqueVisitors({ redis: hub, name: 'redirect' }),
      now,
    ),
    liveClicks,
    settings,
    codes,
    keys,
    stats,
    passwords: createPasswordHasher(),
    accessTokens,
    providers,
    oidcSeal: createSeal(serviceSecret(config), 'OpenID Connect attempt'),
    async announce(links) {
      bell.ring();
      await linkCache.write(links);
    },
    now,
  });

  const readiness = createReadiness({
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => database.breaker.state,
        calls: () => database.breaker.calls,
      },
      ...[sessionRedis, hub, cache].map((redis) => ({
        name: `redis-${redis.name}`,
        required: false,
        probe: () => redis.probe(),
        breaker: () => redis.breaker.state,
        calls: () => redis.breaker.calls,
      })),
    ],
  });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service: 'create',
      process: 'http',
      url: advertisedUrl(config),
      publicUrl: config.APP_ORIGIN,
      version: config.VERSION,
      startedAt: new Date().toISOString(),
    },
    load: () => ({ ...codes.stats() }),
  };
  const status = createStatusEndpoint({
    resolver,
    ...described,
    allow: ['worker'],
    isReady: async () => (await readiness.latest()).status === 'ready',
    details: () => describeProcess(readiness, metrics, shownMetrics),
  });
  const internal = createInternalServer({ logger, instanceId, readiness, metrics });
  internal.get(statusPath, { onRequest: status.authorize }, status.answer);
  internal.get('/.well-known/jwks.json', () => tokens.publicJwks());
  internal.get(accessTokenKeysPath, () => accessTokens.jwks());
  await internal.listen({ host: config.INTERNAL_HOST, port: config.INTERNAL_PORT });
  life.onClose('internal listener', () => closeServer(internal));
  await app.listen({ host: config.HOST, port: config.PORT });
  life.onClose('listener', () =>
    closeServer(app, { idleMs: config.IDLE_CONNECTION_GRACE_SECONDS * 1_000 }),
  );

  const registration = registerInstance({ redis: hub, ...described });
  life.onClose('registration', () => registration.close());
  life.onClose('readiness', () => readiness.drain());
  logger.info({ port: config.PORT }, 'create is ready');
  return { app, internal };
}
