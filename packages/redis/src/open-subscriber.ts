import { Redis } from 'ioredis';
import { reconnectDelayMs } from './client-options.ts';
import type { RedisConnection } from './connect-redis.ts';

export interface SubscriberOptions {
  channel: string;
  onMessage: (message: string) => void;
  /** At each (re)subscription: what was said before it is lost. */
  onSubscribed: () => void;
}

/**
 * Listens to a channel over a connection of its own, to the same server with the same login; on a Cluster to any master, since
 * each passes on what is published at another. Reconnects by itself, after 50 ms to 2 s with jitter, and never throws: an outage
 * shows in the connection that was given.
 *
 * @returns closes the connection.
 * @see https://redis.io/docs/latest/develop/interact/pubsub/ (at most once)
 */
export function openSubscriber(
  { client }: RedisConnection,
  { channel, onMessage, onSubscribed }: SubscriberOptions,
): () => void {
  let subscriber: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  function listen(opened: Redis) {
    subscriber = opened;
    opened.on('error', () => {});
    opened.on('ready', () => {
      failures = 0;
      opened.subscribe(channel).then(onSubscribed, () => {});
    });
    opened.on('message', (_channel: string, message: string) => onMessage(message));
  }

  function openOnCluster() {
    const masters = client instanceof Redis ? [] : client.nodes('master');
    const node = masters[Math.floor(Math.random() * masters.length)];
    if (node === undefined) return openLater();
    // A node that went may be gone for good: the next one is chosen anew.
    const opened = node.duplicate({
      lazyConnect: false,
      autoResubscribe: false,
      retryStrategy: null,
    });
    listen(opened);
    opened.on('end', openLater);
  }

  function openLater() {
    if (closed) return;
    failures += 1;
    timer = setTimeout(openOnCluster, reconnectDelayMs(failures, Math.random)).unref();
  }

  if (client instanceof Redis) listen(client.duplicate({ autoResubscribe: false }));
  else openOnCluster();
  return () => {
    closed = true;
    clearTimeout(timer);
    subscriber?.disconnect();
  };
}
