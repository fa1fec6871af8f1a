export type { SpanExporter } from '@opentelemetry/sdk-trace';
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './create-logger.ts';
export {
  type Counter,
  createMetrics,
  type Figure,
  type Histogram,
  type Metrics,
  type MetricsOptions,
  type Observation,
} from './create-metrics.ts';
export { createSampler, type Sampler } from './create-sampler.ts';
export { observePools, type PoolFigures } from './observe-pools.ts';
export { observeQueues, type QueueFigures } from './observe-queues.ts';
export { observeRedisServers, type RedisServerFigures } from './observe-redis-servers.ts';
export { subscribeToPatterns } from './subscribe-to-patterns.ts';
export { createTracing, type Tracing, type TracingOptions } from './tracing/create-tracing.ts';
export type { OpenSpan, SpanOptions } from './tracing/span-options.ts';
export { traceEvents, traceJobs, tracePublish } from './tracing/trace-messages.ts';
export { activeTrace, currentTraceparent, isRecorded, traceIdOf } from './tracing/traceparent.ts';
