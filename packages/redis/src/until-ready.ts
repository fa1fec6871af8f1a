import type { Redis } from 'ioredis';

/**
 * Waits for the client to be ready. Resolves with undefined then, with the error that `isFatal` recognised as soon as
 * one appears, and with null after `timeoutMs` or once the client is closed.
 */
export function untilReady(
  client: Redis,
  timeoutMs: number,
  isFatal: (error: unknown) => boolean,
): Promise<Error | null | undefined> {
  if (client.status === 'ready') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const settle = (result: Error | null | undefined) => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('error', onError);
      client.off('end', onEnd);
      resolve(result);
    };
    const onReady = () => settle(undefined);
    const onEnd = () => settle(null);
    const onError = (error: Error) => {
      if (isFatal(error)) settle(error);
    };
    const timer = setTimeout(onEnd, timeoutMs);
    client.on('ready', onReady);
    client.on('error', onError);
    client.on('end', onEnd);
    if (client.status === 'end') onEnd();
  });
}
