import {
  accessTokenAudience,
  accessTokenKeysPath,
  parseRuntimeSettings,
  type RuntimeSettings,
  redisChannels,
  type SignedInUser,
  signedInUserCodec,
} from '@shortstack/contracts';
import { isDatabaseUnavailable, readRuntimeSettings } from '@shortstack/db';
import {
  createAccessTokenVerifier,
  createResolver,
  createServiceKeys,
} from '@shortstack/discovery';
import { createSubscriber, followValue } from '@shortstack/events';
import { createBreaker, readServerFigures } from '@shortstack/redis';
import { type ProcessLife, sharedPort } from '@shortstack/server';
import { createSessionStore } from '@shortstack/session';
import { observeRedisServers, type SpanExporter } from '@shortstack/telemetry';
import { listenInternally, listenPublicly, openProcess, probeRedis } from '@shortstack/wiring';
import { openDatabase } from '@shortstack/wiring/database';
import { createApp } from './app.ts';
import type { Failpoint } from './clicks/failpoint.ts';
import { openClicks } from './clicks/open-clicks.ts';
import type { HttpConfig } from './config.ts';
import { commandTimeoutMs, connectRedises } from './connect-redises.ts';
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
  const process = openProcess({
    ...{ service: 'redirect', process: 'http', config, life, exporter },
    hub: { commandTimeoutMs },
  });
  const { tls, logger, metrics, tracing } = process;
  const { session, hub, cache, jobs } = await connectRedises(process, config);
  const database = openDatabase(process, config, { statementTimeoutMs: 2_000 });
  await database.checkAccess();
  const databaseBreaker = createBreaker({
    name: 'PostgreSQL',
    isFailure: isDatabaseUnavailable,
    probe: () => database.probe(),
  });
  life.onClose('database breaker', () => databaseBreaker.close());

  life.onClose(
    'server figures',
    observeRedisServers(metrics, { 'jobs-redirect': () => readServerFigures(jobs) }),
  );

  const { clicks, spool } = await openClicks({ process, config, jobs, failpoint });

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
  const internal = await listenInternally(process, {
    resolver,
    // The public port is shared with other processes of this host, this one is not.
    exclusive: true,
    probes: [
      {
        name: 'postgres',
        required: false,
        probe: () => database.probe(),
        breaker: () => databaseBreaker.state,
        calls: () => databaseBreaker.calls,
      },
      ...(replica === undefined ? [] : [replica.probe]),
      ...[session, hub, cache, jobs].map((redis) => probeRedis(redis, false)),
    ],
    load: () => ({ ...clicks.stats(), spoolBytes: spool.stats().bytes }),
    publicUrl: config.SHORT_ORIGIN,
  });
  const url = await listenPublicly(process, app, config, sharedPort());
  internal.register();
  return { url, internalUrl: internal.url };
}
