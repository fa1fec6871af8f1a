import { channel } from 'node:diagnostics_channel';

const cacheChannel = channel('shortstack:cache');

export type CacheEvent =
  | 'cache.l2_errors'
  | 'cache.load_errors'
  | 'cache.stale_served'
  | 'cache.outdated_loads'
  | 'cache.l2_undecodable';

/** Adds 1 to a counter, for whoever subscribes to `shortstack:cache`. Costs nothing without a subscriber. */
export function report(name: CacheEvent, cache: string): void {
  if (cacheChannel.hasSubscribers) {
    cacheChannel.publish({ name, value: 1, attributes: { cache } });
  }
}
