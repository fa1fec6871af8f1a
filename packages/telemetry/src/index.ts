export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './create-logger.ts';
export {
  type Counter,
  createMetrics,
  type Histogram,
  type Metrics,
  type MetricsOptions,
  type Observation,
} from './create-metrics.ts';
export { createSampler, type Sampler } from './create-sampler.ts';
export { observeRedisServer, type RedisServerFigures } from './observe-redis-server.ts';
export { subscribeToPatterns } from './subscribe-to-patterns.ts';
