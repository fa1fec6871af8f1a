import { Redis } from 'ioredis';
import { onConnectionError, type RedisClient } from './open-client.ts';

/**
 * Waits for the client to be ready, on a Cluster with all masters. Resolves with undefined then, with the error that `isFatal`
 * recognised as soon as one appears, and with null after `timeoutMs` or once the client is closed.
 */
export function untilReady(
  client: RedisClient,
  timeoutMs: number,
  isFatal: (error: unknown) => boolean,
): Promise<Error | null | undefined> {
  return new Promise((resolve) => {
    const settle = (result: Error | null | undefined) => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('end', onEnd);
      stopListening();
      resolve(result);
    };
    const onReady = () => {
      if (client instanceof Redis) return settle(undefined);
      // Unlike the Cluster, each of its nodes has a queue for what comes before it is connected.
      void Promise.allSettled(client.nodes('master').map((node) => node.ping())).then(() =>
        settle(undefined),
      );
    };
    const onEnd = () => settle(null);
    const stopListening = onConnectionError(client, (error) => {
      if (isFatal(error)) settle(error);
    });
    const timer = setTimeout(onEnd, timeoutMs);
    client.on('ready', onReady);
    client.on('end', onEnd);
    if (client.status === 'ready') onReady();
    if (client.status === 'end') onEnd();
  });
}
