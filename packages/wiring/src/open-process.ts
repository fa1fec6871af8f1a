import { redisTls } from '@shortstack/config';
import { redisPolicies } from '@shortstack/contracts';
import type { InstanceProcess } from '@shortstack/discovery';
import {
  type ConnectRedisOptions,
  connectRedis,
  type RedisConnection,
  type RedisTls,
  warnOfServerPolicy,
} from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import {
  createLogger,
  createMetrics,
  createTracing,
  type Logger,
  type LogLevel,
  type Metrics,
  type SpanExporter,
  subscribeToPatterns,
  type Tracing,
} from '@shortstack/telemetry';

/** Of `processSettings` and `tracingSettings`. */
interface ProcessConfig {
  INSTANCE_ID: string;
  VERSION: string;
  LOG_LEVEL: LogLevel;
  INTERNAL_HOST: string;
  INTERNAL_PORT: number;
  ADVERTISE_URL?: string;
  REDIS_HUB_URL: string;
  REDIS_CA?: string;
  REDIS_CERT?: string;
  REDIS_KEY?: string;
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
}

type RedisOptions = Pick<ConnectRedisOptions, 'commandTimeoutMs' | 'gatherWrites'>;

export interface ProcessOptions {
  service: string;
  process: InstanceProcess;
  config: ProcessConfig;
  life: ProcessLife;
  /** The connection to the hub, where it is to be another than `connectRedis` makes by default. */
  hub?: RedisOptions;
  /** Takes spans. Default: the collector, if there is one. */
  exporter?: SpanExporter | undefined;
}

/** What every process has from its start to its end. */
export interface OpenProcess {
  readonly service: string;
  readonly process: InstanceProcess;
  /** As logs, metrics and spans call it: `create`, `create-jobs`. */
  readonly name: string;
  readonly instanceId: string;
  readonly startedAt: Date;
  readonly config: ProcessConfig;
  readonly life: ProcessLife;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly tls: RedisTls | undefined;
  readonly hub: RedisConnection;
  /** Connects to one more Redis server, until the process ends. Waits for nothing. */
  readonly connect: (name: string, url: string, options?: RedisOptions) => RedisConnection;
}

/**
 * Opens what every process has: log, metrics, spans, the hub. Waits for nothing and asks nobody: call `checkAccess` when all is
 * connected. What is opened first is closed last.
 */
export function openProcess(options: ProcessOptions): OpenProcess {
  const { service, process, config, life, exporter } = options;
  const instanceId = config.INSTANCE_ID;
  const name = process === 'http' ? service : `${service}-jobs`;
  const logger = createLogger({ service: name, instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: name, instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = createTracing({ service: name, instanceId, endpoint, logger, exporter });
  life.onClose('tracing', () => tracing.close());

  const tls = redisTls(config);
  const connect: OpenProcess['connect'] = (role, url, more = {}) => {
    const connection = connectRedis({ name: role, url, tls, ...more });
    life.onClose(`redis-${role}`, () => connection.close());
    const policy = redisPolicies[role as keyof typeof redisPolicies];
    // Once per service is enough.
    if (process === 'http' && policy) {
      warnOfServerPolicy(connection, policy, (warning) => logger.warn(warning));
    }
    return connection;
  };
  return {
    ...{ service, process, name, instanceId, startedAt: new Date(), config, life },
    ...{ logger, metrics, tracing, tls, connect },
    hub: connect('hub', config.REDIS_HUB_URL, options.hub),
  };
}
