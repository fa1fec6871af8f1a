import type { RedisConnection } from '@shortstack/redis';
import { parseRegistryEvent, type RegistryEvent } from './registry-event.ts';
import { registryKeys } from './registry-keys.ts';

/**
 * Listens to the registry's channel over a connection of its own. `onConnected` is called at each (re)subscription,
 * since what was said in between is lost. Never throws; reconnects as the given connection does.
 *
 * @returns closes the connection.
 * @see https://redis.io/docs/latest/develop/interact/pubsub/ (at most once)
 */
export function watchRegistry(
  redis: RedisConnection,
  listeners: { onEvent: (event: RegistryEvent) => void; onConnected: () => void },
): () => void {
  const subscriber = redis.client.duplicate({ autoResubscribe: false });
  subscriber.on('error', () => {}); // An outage shows in the connection that was duplicated.
  subscriber.on('ready', () => {
    subscriber.subscribe(registryKeys.channel).then(listeners.onConnected, () => {});
  });
  subscriber.on('message', (_channel: string, message: string) => {
    const event = parseRegistryEvent(message);
    if (event) listeners.onEvent(event);
  });
  return () => subscriber.disconnect();
}
