import { openSubscriber, type RedisConnection } from '@shortstack/redis';
import { parseRegistryEvent, type RegistryEvent } from './registry-event.ts';
import { registryKeys } from './registry-keys.ts';

/**
 * Listens to the registry's channel over a connection of its own. `onConnected` is called at each (re)subscription,
 * since what was said in between is lost. Never throws; reconnects as the given connection does.
 *
 * @returns closes the connection.
 */
export function watchRegistry(
  redis: RedisConnection,
  listeners: { onEvent: (event: RegistryEvent) => void; onConnected: () => void },
): () => void {
  return openSubscriber(redis, {
    channel: registryKeys.channel,
    onSubscribed: listeners.onConnected,
    onMessage: (message) => {
      const event = parseRegistryEvent(message);
      if (event) listeners.onEvent(event);
    },
  });
}
