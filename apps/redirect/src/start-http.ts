import { advertisedUrl, redisTls } from '@shortstack/config';
import {
  accessTokenAudience,
  accessTokenKeysPath,
  parseRuntimeSettings,
  type RuntimeSettings,
  redisChannels,
  type SignedInUser,
  shownMetrics,
  signedInUserCodec,
} from '@shortstack/contracts';
import { createDatabase, isDatabaseUnavailable, readRuntimeSettings } from '@shortstack/db';
import {
  createAccessTokenVerifier,
  createResolver,
  createServiceKeys,
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import { createSubscriber, followValue } from '@shortstack/events';
import { createBreaker, readServerFigures } from '@shortstack/redis';
import {
  closeServer,
  createInternalServer,
  createReadiness,
  describeProcess,
  type ProcessLife,
  sharedPort,
} from '@shortstack/server';
import { createSessionStore } from '@shortstack/session';
import {
  createLogger,
  createMetrics,
  createTracing,
  observePools,
  observeRedisServers,
  type SpanExporter,
  subscribeToPatterns,
} from '@shortstack/telemetry';
import { createApp } from './app.ts';
import type { Failpoint } from './clicks/failpoint.ts';
import { openClicks } from './clicks/open-clicks.ts';
import type { HttpConfig } from './config.ts';
import { connectRedises } from './connect-redises.ts';
import { followChanges } from './data/follow-changes.ts';
import { createLinkLoader } from './data/load-links.ts';
import { createLinkCache } from './link-cache.ts';
import { listenToChanges } from './listen-to-changes.ts';
import { openReplica } from './open-replica.ts';
import { createChangeTeller } from './tell-of-changes.ts';

/** Opens the HTTP process of redirect and returns where it listens. What is opened first is closed last. */
export async function startHttp(
  config: HttpConfig,
  life: ProcessLife,
  failpoint?: Failpoint,
  exporter?: SpanExporter,
): Promise<{ url: string; internalUrl: string }> {
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'redirect', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'redirect', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = createTracing({ service: 'redirect', instanceId, endpoint, logger, exporter });
  life.onClose('tracing', () => tracing.close());

  const tls = redisTls(config);
  const { session, hub, cache, jobs } = await connectRedises(config, life, (warning) =>
    logger.warn(warning),
  );
  const database = createDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: 2_000,
    onError: (error) => logger.warn({ err: error }, 'an idle PostgreSQL connection broke'),
  });
  life.onClose('database', () => database.close());
  await database.checkAccess();
  const databaseBreaker = createBreaker({
    name: 'PostgreSQL',
    isFailure: isDatabaseUnavailable,
    probe: () => database.probe(),
  });
  life.onClose('database breaker', () => databaseBreaker.close());

  observePools(metrics, { main: database.pool });
  life.onClose(
    'server figures',
    observeRedisServers(metrics, { 'jobs-redirect': () => readServerFigures(jobs) }),
  );

  const { clicks, spool } = await openClicks({
    config,
    life,
    logger,
    metrics,
    tracing,
    jobs,
    failpoint,
  });

  const fromPrimary = createLinkLoader(database.pool, databaseBreaker);
  const replica = openReplica({
    config,
    life,
    primary: { pool: database.pool, breaker: databaseBreaker },
    fromPrimary,
    onError: (error) => logger.warn({ err: error }, 'an idle connection to the replica broke'),
  });
  const links = createLinkCache({
    redis: cache,
    loadLinks: replica?.load ?? fromPrimary,
    ttlSeconds: config.LINK_TTL_SECONDS,
    negativeTtlSeconds: config.UNKNOWN_SLUG_TTL_SECONDS,
    staleIfErrorSeconds: config.STALE_IF_ERROR_SECONDS,
    maxEntries: config.L1_MAX_ENTRIES,
    maxBytes: config.L1_MAX_BYTES,
  });
  life.onClose('link cache', () => links.close());
  const onChange = createChangeTeller({
    cache: links,
    // First, lest what is read again upon the invalidation comes from the replica.
    beforehand: (slug) => replica?.changed(slug),
  });
  const changes = followChanges({
    pool: database.pool,
    breaker: databaseBreaker,
    onChange,
    onSilence: () => links.markStale(),
  });
  life.onClose('change follower', () => changes.close());
  const listener = listenToChanges({
    url: config.REDIS_HUB_URL,
    tls,
    onChange,
    onHeard: (eventId) => changes.skip(eventId),
    onError: (err) => logger.debug({ err }, 'the event stream is interrupted'),
  });
  life.onClose('change listener', () => listener.close());

  const subscriber = createSubscriber({
    url: config.REDIS_HUB_URL,
    tls,
    onError: (err) => logger.debug({ err }, 'listening to the hub is interrupted'),
  });
  life.onClose('subscriber', () => subscriber.close());
  const settings = followValue<RuntimeSettings>({
    load: async () =>
      parseRuntimeSettings(await databaseBreaker.run(() => readRuntimeSettings(database.db))),
    initial: parseRuntimeSettings(null),
    subscriber,
    channel: redisChannels.settingsChanged,
    onChange(changed) {
      logger.info({ settings: changed }, 'runtime settings changed');
      void tracing.setRatio(changed.redirectTraceRatio);
    },
    onError: (err) => logger.debug({ err }, 'runtime settings were not read'),
  });
  life.onClose('settings', () => settings.close());

  const sessions = createSessionStore<SignedInUser>({
    redis: session,
    codec: signedInUserCodec,
    site: config.SHORT_ORIGIN,
    encryptionKeys: config.SESSION_ENCRYPTION_KEYS,
    prolongOnly: true,
    idleTtlSeconds: config.SESSION_IDLE_TTL_SECONDS,
    absoluteTtlSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
    touchIntervalSeconds: 60,
    maxSessionsPerUser: 50,
  });
  const resolver = createResolver({ redis: hub });
  life.onClose('resolver', () => resolver.close());
  const tokenKeys = createServiceKeys({ resolver, path: accessTokenKeysPath });
  const accessTokens = createAccessTokenVerifier({
    issuer: config.APP_ORIGIN,
    audience: accessTokenAudience,
    keysOf: (kid) => tokenKeys.keysOf('create', kid),
  });
  const app = createApp({
    config,
    logger,
    metrics,
    tracing,
    links,
    clicks,
    sessions,
    accessTokens,
    settings: () => settings.current,
    pool: database.pool,
    database: databaseBreaker,
  });
  if (replica !== undefined) {
    metrics.observe(
      'shortstack_redirect_replica_fresh',
      'Whether links are read from the replica: 1, or 0 while it is away or lags',
      'gauge',
      () => [{ value: replica.isFresh() ? 1 : 0 }],
    );
  }
  const readiness = createReadiness({
    probes: [
      {
        name: 'postgres',
        required: false,
        probe: () => database.probe(),
        breaker: () => databaseBreaker.state,
        calls: () => databaseBreaker.calls,
      },
      ...(replica === undefined ? [] : [replica.probe]),
      ...[session, hub, cache, jobs].map((redis) => ({
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
      service: 'redirect',
      process: 'http',
      url: advertisedUrl(config),
      publicUrl: config.SHORT_ORIGIN,
      version: config.VERSION,
      startedAt: new Date().toISOString(),
    },
    load: () => ({ ...clicks.stats(), spoolBytes: spool.stats().bytes }),
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
  const internalUrl = await internal.listen({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
    exclusive: true,
  });
  life.onClose('internal listener', () => closeServer(internal));
  const url = await app.listen({ host: config.HOST, port: config.PORT, ...sharedPort() });
  life.onClose('listener', () =>
    closeServer(app, { idleMs: config.IDLE_CONNECTION_GRACE_SECONDS * 1_000 }),
  );

  const registration = registerInstance({ redis: hub, ...described });
  life.onClose('registration', () => registration.close());
  life.onClose('readiness', () => readiness.drain());
  logger.info({ port: config.PORT }, 'redirect is ready');
  return { url, internalUrl };
}
