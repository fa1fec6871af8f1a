import { LinksChanged, redisKeys } from '@shortstack/contracts';
import { createBroadcastReader } from '@shortstack/events';
import type { RedisTarget } from '@shortstack/redis';
import { Compile } from 'typebox/compile';

/** With `url` and `tls` of the hub. */
export interface ListenToChangesOptions extends RedisTarget {
  onChange: (type: string, changed: LinksChanged) => void;
  /** Told after that, with the event's id in the outbox. */
  onHeard: (eventId: string) => void;
  onError: (error: unknown) => void;
}

/**
 * The fast path of invalidation: every redirect process hears of each changed link within milliseconds. It may miss
 * events (a hub that is away or emptied, a dead relay): `followChanges` is what can be relied on.
 */
export function listenToChanges(options: ListenToChangesOptions) {
  const { url, tls, onChange, onHeard, onError } = options;
  const linksChanged = Compile(LinksChanged);
  return createBroadcastReader({
    url,
    tls,
    stream: redisKeys.events,
    onEvent({ id, type, data }) {
      if (!type.startsWith('link.') || !linksChanged.Check(data)) return;
      onChange(type, data);
      onHeard(id);
    },
    onBroken: () => undefined,
    onRestored: () => undefined,
    onError,
  });
}
