import { AppError } from '@shortstack/errors';
import type { CacheOptions } from './cache.ts';

/** Throws `CACHE_OPTIONS_INVALID` for a bound or lifetime that isn't one: in many libraries 0 means unlimited, here nothing does. */
export function checkOptions<T>(options: CacheOptions<T>): void {
  const { l1, negative, jitter = 0.1 } = options;
  const positive = {
    ttlSeconds: options.ttlSeconds,
    negativeTtlSeconds: options.negativeTtlSeconds,
    'l1.maxEntries': l1.maxEntries,
    'l1.maxBytes': l1.maxBytes,
    'l1.ttlSeconds': l1.ttlSeconds,
    'negative.maxEntries': negative.maxEntries,
    loadTimeoutMs: options.loadTimeoutMs,
    maxBatch: options.maxBatch ?? 500,
  };
  const notNegative = {
    staleWhileRevalidateSeconds: options.staleWhileRevalidateSeconds ?? 0,
    staleIfErrorSeconds: options.staleIfErrorSeconds,
    leaseWaitMs: options.leaseWaitMs ?? 50,
  };
  const faults = [
    ...namesWhere(positive, (value) => !(value > 0 && Number.isFinite(value))),
    ...namesWhere(notNegative, (value) => !(value >= 0 && Number.isFinite(value))),
    ...(jitter >= 0 && jitter < 1 ? [] : ['jitter']),
  ];
  if (faults.length === 0) return;
  throw new AppError(
    'internal',
    'CACHE_OPTIONS_INVALID',
    `The cache "${options.name}" needs other values for ${faults.join(', ')}.`,
  );
}

function namesWhere(values: Record<string, number>, isWrong: (value: number) => boolean): string[] {
  return Object.entries(values).flatMap(([name, value]) => (isWrong(value) ? [name] : []));
}
