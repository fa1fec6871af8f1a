import {
  accessTokenAudience,
  accessTokenKeysPath,
  redisTrials,
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
  parseServiceKey,
} from '@shortstack/discovery';
import { createProducer } from '@shortstack/queue';
import { checkAccess, readServerFigures } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import { createSessionStore } from '@shortstack/session';
import { observeRedisServers } from '@shortstack/telemetry';
import { listenInternally, listenPublicly, openProcess, probeRedis } from '@shortstack/wiring';
import { createApp } from './app.ts';
import type { HttpConfig } from './config.ts';
import { refillJobId, workQueue } from './jobs/work-queue.ts';
import { observeRegistry } from './observe-registry.ts';
import { refillCodePool } from './routes/refill-code-pool.ts';
import type {} from './session-data.ts';

/** Opens the HTTP process of worker and returns where it listens. What is opened first is closed last. */
export async function startHttp(
  config: HttpConfig,
  life: ProcessLife,
): Promise<{ url: string; internalUrl: string }> {
  const process = openProcess({ service: 'worker', process: 'http', config, life });
  const { hub, tls, logger, metrics } = process;
  const tokens = createServiceTokenIssuer({
    service: 'worker',
    privateJwk: parseServiceKey(config.SERVICE_PRIVATE_KEY),
  });
  const sessionRedis = process.connect('session', config.REDIS_SESSION_URL);
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
  const internal = await listenInternally(process, {
    resolver,
    probes: [
      probeRedis(sessionRedis, true),
      probeRedis(hub, false),
      {
        name: 'redis-jobs',
        required: false,
        probe: async () => void (await producer.stats()),
        breaker: () => producer.breaker.state,
        calls: () => producer.breaker.calls,
      },
    ],
    publicUrl: config.OPS_ORIGIN,
    extend(server) {
      server.get('/.well-known/jwks.json', () => tokens.publicJwks());
      refillCodePool(server, {
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
    },
  });
  const url = await listenPublicly(process, app, config);
  internal.register();
  return { url, internalUrl: internal.url };
}
