import { createLeaderboard, createUniqueVisitors } from '@shortstack/analytics';
import { cacheMetrics } from '@shortstack/cache';
import { accessTokenKeysPath, redisKeys, redisTrials } from '@shortstack/contracts';
import { createSubscriber, createWatchList } from '@shortstack/events';
import { checkAccess, readServerFigures } from '@shortstack/redis';
import type { AppServer, ProcessLife } from '@shortstack/server';
import { observePools, observeRedisServers, type SpanExporter } from '@shortstack/telemetry';
import { listenInternally, listenPublicly, openProcess, probeRedis } from '@shortstack/wiring';
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
  const process = openProcess({
    ...{ service: 'create', process: 'http', config, life, exporter },
    hub: { gatherWrites: true },
  });
  const { instanceId, hub, tls, logger, metrics, tracing } = process;
  const sessionRedis = process.connect('session', config.REDIS_SESSION_URL, { gatherWrites: true });
  const cache = process.connect('cache', config.REDIS_CACHE_URL, { gatherWrites: true });
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

  const { sessions, sessionWatch } = openSessions(process, config, sessionRedis);

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

  const internal = await listenInternally(process, {
    resolver,
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => database.breaker.state,
        calls: () => database.breaker.calls,
      },
      ...[sessionRedis, hub, cache].map((redis) => probeRedis(redis, false)),
    ],
    load: () => ({ ...codes.stats() }),
    publicUrl: config.APP_ORIGIN,
    extend(server) {
      server.get('/.well-known/jwks.json', () => tokens.publicJwks());
      server.get(accessTokenKeysPath, () => accessTokens.jwks());
    },
  });
  await listenPublicly(process, app, config);
  internal.register();
  return { app, internal: internal.server };
}
