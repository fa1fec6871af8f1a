import { advertisedUrl, redisTls } from '@shortstack/config';
import {
  accessTokenAudience,
  accessTokenKeysPath,
  redisPolicies,
  redisTrials,
  shownMetrics,
  signedInUserCodec,
} from '@shortstack/contracts';
import {
  createAccessTokenVerifier,
  createResolver,
  createServiceClient,
  createServiceKeys,
  createServiceTokenGuard,
  createServiceTokenIssuer,
  createServiceTokenVerifier,
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import { createProducer } from '@shortstack/queue';
import {
  checkAccess,
  connectRedis,
  type RedisConnection,
  readServerFigures,
  warnOfServerPolicy,
} from '@shortstack/redis';
import {
  closeServer,
  createInternalServer,
  createReadiness,
  describeProcess,
  type ProcessLife,
} from '@shortstack/server';
import { createSessionStore } from '@shortstack/session';
import {
  createLogger,
  createMetrics,
  observeRedisServers,
  subscribeToPatterns,
} from '@shortstack/telemetry';
import { createApp } from './app.ts';
import type { HttpConfig } from './config.ts';
import { refillJobId, workQueue } from './jobs/work-queue.ts';
import { observeRegistry } from './observe-registry.ts';
import { parseServiceKey } from './parse-service-key.ts';
import { refillCodePool } from './routes/refill-code-pool.ts';
import type {} from './session-data.ts';

/** Opens the HTTP process of worker and returns where it listens. What is opened first is closed last. */
export async function startHttp(
  config: HttpConfig,
  life: ProcessLife,
): Promise<{ url: string; internalUrl: string }> {
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'worker', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'worker', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const tls = redisTls(config);
  const tokens = createServiceTokenIssuer({
    service: 'worker',
    privateJwk: parseServiceKey(config.SERVICE_PRIVATE_KEY),
  });

  const connect = (name: keyof typeof redisPolicies, url: string): RedisConnection => {
    const connection = connectRedis({ name, url, tls });
    life.onClose(`redis-${name}`, () => connection.close());
    warnOfServerPolicy(connection, redisPolicies[name], (warning) => logger.warn(warning));
    return connection;
  };
  const sessionRedis = connect('session', config.REDIS_SESSION_URL);
  const hub = connect('hub', config.REDIS_HUB_URL);
  await Promise.all([
    checkAccess(sessionRedis, redisTrials.session),
    checkAccess(hub, redisTrials.hub),
  ]);
  const resolver = createResolver({ redis: hub });
  life.onClose('resolver', () => resolver.close());
  life.onClose('registry metrics', observeRegistry(metrics, resolver));
  life.onClose(
    'server figures',
    observeRedisServers(metrics, { session: () => readServerFigures(sessionRedis) }),
  );
  const producer = createProducer({
    url: config.REDIS_JOBS_URL,
    tls,
    service: 'worker',
    queue: workQueue,
  });
  life.onClose('producer', () => producer.close());

  const tokenKeys = createServiceKeys({ resolver, path: accessTokenKeysPath });
  const app = await createApp({
    config,
    logger,
    metrics,
    resolver,
    client: createServiceClient({ resolver, tokens }),
    tokens,
    accessTokens: createAccessTokenVerifier({
      issuer: config.APP_ORIGIN,
      audience: accessTokenAudience,
      keysOf: (kid) => tokenKeys.keysOf('create', kid),
    }),
    hub,
    sessions: createSessionStore({
      redis: sessionRedis,
      codec: signedInUserCodec,
      site: config.OPS_ORIGIN,
      encryptionKeys: config.SESSION_ENCRYPTION_KEYS,
      prolongOnly: true,
      idleTtlSeconds: config.SESSION_IDLE_TTL_SECONDS,
      absoluteTtlSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
      touchIntervalSeconds: Math.min(60, Math.floor(config.SESSION_IDLE_TTL_SECONDS / 2)),
      maxSessionsPerUser: 50,
    }),
  });
  const readiness = createReadiness({
    probes: [
      ...[sessionRedis, hub].map((redis) => ({
        name: `redis-${redis.name}`,
        required: redis === sessionRedis,
        probe: () => redis.probe(),
        breaker: () => redis.breaker.state,
        calls: () => redis.breaker.calls,
      })),
      {
        name: 'redis-jobs',
        required: false,
        probe: async () => void (await producer.stats()),
        breaker: () => producer.breaker.state,
        calls: () => producer.breaker.calls,
      },
    ],
  });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service: 'worker',
      process: 'http',
      url: advertisedUrl(config),
      publicUrl: config.OPS_ORIGIN,
      version: config.VERSION,
      startedAt: new Date().toISOString(),
    },
    load: () => ({}),
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
  refillCodePool(internal, {
    authorize: createServiceTokenGuard({
      verifier: createServiceTokenVerifier({
        service: 'worker',
        keysOf: createServiceKeys({ resolver }).keysOf,
      }),
      allow: ['create'],
    }),
    async requestRefill() {
      await producer.add('fill-code-pool', {}, { jobId: refillJobId(Date.now()) });
    },
  });
  const internalUrl = await internal.listen({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
  });
  life.onClose('internal listener', () => closeServer(internal));
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  life.onClose('listener', () =>
    closeServer(app, { idleMs: config.IDLE_CONNECTION_GRACE_SECONDS * 1_000 }),
  );

  const registration = registerInstance({ redis: hub, ...described });
  life.onClose('registration', () => registration.close());
  life.onClose('readiness', () => readiness.drain());
  logger.info({ port: config.PORT }, 'worker is ready');
  return { url, internalUrl };
}
