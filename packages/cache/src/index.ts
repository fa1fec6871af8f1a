export type { Cache, CacheOptions, CacheStats, Loaded } from './cache.ts';
export { createCache } from './create-cache.ts';
