import { LinksChanged, redisKeys } from '@shortstack/contracts';
import { createBroadcastReader } from '@shortstack/events';
import { Value } from 'typebox/value';

export interface ListenToChangesOptions {
  /** The hub. */
  url: string;
  onChange: (slug: string, version: number) => void;
  onError: (error: unknown) => void;
}

/**
 * The fast path of invalidation: every redirect process hears of each changed link within milliseconds. It may miss
 * events (a hub that is away or emptied, a dead relay): `followChanges` is what can be relied on.
 */
export function listenToChanges({ url, onChange, onError }: ListenToChangesOptions) {
  return createBroadcastReader({
    url,
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
