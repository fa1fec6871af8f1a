import type { ConnectRedisOptions } from '@shortstack/redis';

/** Which jobs Redis, as `connectRedis` takes it. */
export type QueueConnection = Pick<ConnectRedisOptions, 'url' | 'ca'>;

/** That part of options which hold more. */
export function connectionOf({ url, ca }: QueueConnection): QueueConnection {
  return { url, ...(ca === undefined ? {} : { ca }) };
}
