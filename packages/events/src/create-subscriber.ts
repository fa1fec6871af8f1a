import { randomUUID } from 'node:crypto';
import { connectRedis, type RedisTarget } from '@shortstack/redis';
import { Redis } from 'ioredis';
import { fullJitterMs, pause } from './backoff.ts';
import { maxNoticeLength } from './create-notifier.ts';
import { type Listener, listenerTable } from './listener-table.ts';
import { report } from './report.ts';

/** With `url` and `tls` of the server: the subscriber opens a connection of its own. */
export interface SubscriberOptions extends RedisTarget {
  /** What the server is called in metrics. Default `hub`. */
  name?: string;
  /** How often the subscriber checks that it hears itself. A hung hub is noticed after this and 1 s more. Default 1,000. */
  beatMs?: number;
  /** Channels at most; one more throws. Default 10,000. */
  maxChannels?: number;
  /** For the log: trouble with the hub, or what a listener threw. */
  onError?: (error: unknown) => void;
}

export interface Subscriber {
  /** `live` while it is known that messages arrive. */
  readonly state: 'starting' | 'live' | 'broken';
  /**
   * Listens from as soon as possible until the subscription is closed, through every interruption. Throws a RangeError beyond `maxChannels`.
   * Listeners of one channel share it. Messages that `parse` refuses are dropped and counted.
   */
  subscribe<T>(listener: Listener<T>): { close(): void };
  close(): Promise<void>;
}

const answerMs = 1_000;
const maxBackoffMs = 2_000;
/** Spares a normal start the report of a failure. */
const connectMs = 1_000;

/**
 * Opens the receiving side of pub/sub: one connection for all channels of the process, opened anew whenever it breaks.
 *
 * Messages sent while it was broken are lost; `onLive` says from when on none is. To know, the subscriber sends itself a message each
 * `beatMs` on a channel of its own, `pubsub:echo:<random>`: so a connection that is half open, a hub that hangs and a
 * subscription that is missing are all found out by what they have in common. After a failure it tries again within 2 s, with jitter.
 *
 * Nothing is queued: listeners are called as messages come, so they must be quick. One that holds the process up for so long that
 * Redis gives up on the connection (`client-output-buffer-limit pubsub`, 32 MB) has missed messages, and is told. In a Cluster any node will
 * do; one that is replaced between two beats goes unnoticed. Cost: a message of its own each `beatMs`.
 */
export function createSubscriber(options: SubscriberOptions): Subscriber {
  const {
    url,
    tls,
    name = 'hub',
    beatMs = 1_000,
    maxChannels = 10_000,
    onError = () => {},
  } = options;
  const connection = connectRedis({ url, tls, name, commandTimeoutMs: answerMs });
  const { client } = connection;
  // ioredis would not catch the error of a subscription that it repeats itself.
  if (client instanceof Redis) client.options.autoResubscribe = false;
  const table = listenerTable({ onError });
  const echo = `pubsub:echo:${randomUUID()}`;
  const stop = new AbortController();
  let state: Subscriber['state'] = 'starting';
  let heard = () => {};
  let wake = () => {};
  /** Counts connections: what was subscribed on an earlier one is not on this. */
  let epoch = 0;
  let echoEpoch = -1;

  client.on('close', () => {
    epoch += 1;
    broken('disconnected');
    wake();
  });
  client.on('message', (channel: string, text: string) => {
    if (channel === echo) heard();
    else if (text.length > maxNoticeLength) report('events.notices_refused', { reason: 'size' });
    else table.deliver(channel, text);
  });
  const running = run();

  async function run() {
    let failures = 0;
    await connection.ready(connectMs).catch(() => {});
    while (!stop.signal.aborted) {
      try {
        await listen();
        state = 'live';
        failures = 0;
        await untilNextBeat();
      } catch (error) {
        if (stop.signal.aborted) break;
        onError(error);
        broken('silent');
        if (client.status === 'ready') client.disconnect(true);
        await pause(fullJitterMs(failures, maxBackoffMs), stop.signal);
        failures += 1;
      }
    }
  }

  /** Subscribes to what this connection lacks, hears itself, and tells the listeners that are live by that. */
  async function listen() {
    const current = epoch;
    const missing = table.missing(current);
    const names = missing.map(({ channel }) => channel);
    if (echoEpoch !== current) names.push(echo);
    if (names.length > 0) await connection.run((redis) => redis.subscribe(...names));
    await hearOneself();
    if (current !== epoch) throw new Error('The connection broke while subscribing');
    echoEpoch = current;
    for (const entry of missing) {
      entry.epoch = current;
      if (entry.listeners.size === 0) unsubscribe(entry.channel);
    }
    table.tellLive(current);
  }

  function unsubscribe(channel: string) {
    connection.run((redis) => redis.unsubscribe(channel)).catch(() => {});
  }

  async function hearOneself() {
    const hearing = Promise.withResolvers<void>();
    heard = hearing.resolve;
    await connection.run(async (redis) => {
      await redis.publish(echo, '1');
      await hearing.promise;
    });
  }

  async function untilNextBeat() {
    if (table.missing(epoch).length > 0) return;
    const waiting = new AbortController();
    wake = () => waiting.abort();
    await pause(beatMs, AbortSignal.any([waiting.signal, stop.signal]));
    wake = () => {};
  }

  function broken(reason: string) {
    table.forgetLive();
    if (state !== 'live') return;
    state = 'broken';
    report('events.subscriber_broken', { reason });
  }

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      const { entry, remove } = table.add(listener, maxChannels);
      wake();
      return {
        close() {
          if (remove() && entry.epoch === epoch) unsubscribe(entry.channel);
        },
      };
    },
    async close() {
      stop.abort();
      client.disconnect();
      await running;
      await connection.close();
    },
  };
}
