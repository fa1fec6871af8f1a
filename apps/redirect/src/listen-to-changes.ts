import { LinksChanged, redisKeys } from '@shortstack/contracts';
import { createBroadcastReader } from '@shortstack/events';
import type { RedisTarget } from '@shortstack/redis';
import { Value } from 'typebox/value';

/** With `url` and `tls` of the hub. */
export interface ListenToChangesOptions extends RedisTarget {
  onChange: (slug: string, version: number) => void;
  onError: (error: unknown) => void;
}

/**
 * The fast path of invalidation: every redirect process hears of each changed link within milliseconds. It may miss
 * events (a hub that is away or emptied, a dead relay): `followChanges` is what can be relied on.
 */
export function listenToChanges({ url, tls, onChange, onError }: ListenToChangesOptions) {
  return createBroadcastReader({
    url,
    tls,
    stream: redisKeys.events,
    onEvent({ type, data }) {
      if (!type.startsWith('link.') || !Value.Check(LinksChanged, data)) return;
      for (const { slug, version } of data.links) onChange(slug, version);
    },
    onBroken: () => undefined,
    onRestored: () => undefined,
    onError,
  });
}
