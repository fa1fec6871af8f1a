export type { Cache, CacheOptions, CacheStats, Loaded } from './cache.ts';
export { type CacheMetric, cacheMetrics } from './cache-metrics.ts';
export { createCache } from './create-cache.ts';
