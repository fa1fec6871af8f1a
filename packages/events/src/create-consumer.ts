import { connectRedis, type RedisTarget } from '@shortstack/redis';
import { fullJitterMs, pause } from './backoff.ts';
import { joinGroup } from './consumer-group.ts';
import { type EventHandler, handleEvent } from './handle-event.ts';
import { report } from './report.ts';
import { decodeEvent, type StreamEntry, type StreamEvent } from './stream-event.ts';

/** With `url` and `tls` of the hub: the consumer opens a connection of its own, since it blocks on it. */
export interface ConsumerOptions extends RedisTarget {
  stream: string;
  /** One per purpose; each group gets every event. Lives in Redis until someone removes it, and holds the stream back meanwhile. */
  group: string;
  /** Unique among the processes of the group. A process that comes back under its old name goes on at once with what it left. */
  consumer: string;
  /** By event type. Events of other types are acknowledged unseen. */
  handlers: Readonly<Record<string, EventHandler>>;
  /** Tries per event before it goes to the dead letters. Default 5. */
  maxAttempts?: number;
  /** After how long without a sign of life a consumer's events are taken over. Default 30,000. */
  claimAfterMs?: number;
  /** How long handled events are remembered, to drop duplicates. Default two hours. */
  seenWindowMs?: number;
  /** How long one read waits for events, which is also how long `close` may wait for it. Default 1,000. */
  blockMs?: number;
  /** How long `close` waits for the event in hand. Default 20,000. */
  drainTimeoutMs?: number;
  /** Runs one try of a handler, `work`, for example in a span. Calls it once and passes its outcome on. Default: it just runs. */
  around?: (event: StreamEvent, work: () => Promise<void>) => Promise<void>;
  /** For the log: a handler's failure (with the event), or trouble with the hub. */
  onError?: (error: unknown, event?: StreamEvent) => void;
}

export interface Consumer {
  /** Counts since the start, and how many entries the group had not read when last looked at (every third of `claimAfterMs`). */
  stats(): { handled: number; duplicates: number; dead: number; lag: number };
  /** Finishes the event in hand, offers the others to the group and leaves it. Safe to call twice. */
  close(): Promise<void>;
}

/** A crash of the process, or of Redis, costs a delivery too, so there are more of them than attempts. */
const maxDeliveries = 20;
const maxBackoffMs = 5_000;
/** Spares a normal start the report of a failure. */
const connectMs = 1_000;

/**
 * Reads a stream as one of a group, one event at a time in the order of the stream (per consumer). **At least once:** an event is acknowledged after its
 * handler. **Duplicates** that the group has handled before are dropped for two hours, at most 50,000 of them; this memory lives
 * in the hub and is lost with it, so effects must be repeatable. Events of a consumer that died are taken over after `claimAfterMs`.
 * An event that fails `maxAttempts` times, or kills its process twenty times, goes to the stream `{<stream>}:dead:<group>`.
 *
 * While the hub is away it tries again after up to 5 s with jitter. A group that is gone is made again at the last position stored beside
 * the stream; on an emptied hub that is the beginning. Cost per event: two round trips; idle: one per `blockMs`.
 *
 * @see https://redis.io/docs/latest/develop/data-types/streams/
 */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { stream, group: groupName, handlers, maxAttempts = 5, claimAfterMs = 30_000 } = options;
  const { blockMs = 1_000, drainTimeoutMs = 20_000, onError = () => {} } = options;
  const connection = connectRedis({
    url: options.url,
    tls: options.tls,
    name: 'hub',
    commandTimeoutMs: blockMs + 1_000,
  });
  const { seenWindowMs = 7_200_000 } = options;
  const group = joinGroup({ ...options, connection, group: groupName, claimAfterMs, seenWindowMs });
  const attributes = { stream, group: groupName };
  const stats = { handled: 0, duplicates: 0, dead: 0, lag: 0 };
  const stop = new AbortController();
  const running = run();
  let closing: Promise<void> | undefined;

  async function run() {
    // What this consumer was given and did not finish comes first: after a start, and after any failure.
    let pendingFirst = true;
    let joined = false;
    let failures = 0;
    let lookedAt = Number.NEGATIVE_INFINITY;
    await connection.ready(connectMs).catch(() => {});
    while (!stop.signal.aborted) {
      try {
        if (!joined) await group.join();
        joined = true;
        if (performance.now() - lookedAt > claimAfterMs / 3) {
          pendingFirst = (await lookAround()) || pendingFirst;
          lookedAt = performance.now();
        }
        pendingFirst = pendingFirst ? await handlePending() : await handleNew();
        failures = 0;
      } catch (error) {
        report('events.consumer_failures', attributes);
        onError(error);
        pendingFirst = true;
        joined = false;
        await pause(fullJitterMs(failures, maxBackoffMs), stop.signal);
        failures += 1;
      }
    }
  }

  async function lookAround(): Promise<boolean> {
    stats.lag = (await group.lag())?.lag ?? 0;
    await group.forgetConsumers({ leaving: false });
    return group.claimAbandoned();
  }

  async function handlePending(): Promise<boolean> {
    const { entries, deliveries } = await group.readPending();
    await handleAll(entries, (id) => (deliveries.get(id) ?? 1) > maxDeliveries);
    return entries.length > 0;
  }

  async function handleNew(): Promise<boolean> {
    await handleAll(await group.readNew(blockMs), () => false);
    return false;
  }

  async function handleAll(entries: StreamEntry[], isPoison: (id: string) => boolean) {
    const left = entries.map(([id]) => id);
    const keepAlive = setInterval(() => {
      group.keep(left).catch(() => {});
    }, claimAfterMs / 3);
    try {
      for (const entry of entries) {
        if (stop.signal.aborted) break;
        if (!(await handle(entry, isPoison(entry[0])))) break;
        left.shift();
      }
    } finally {
      clearInterval(keepAlive);
    }
    if (left.length > 0) await group.offer(left);
  }

  /** Resolves with false when it was stopped before the event was done. */
  async function handle(entry: StreamEntry, poison: boolean): Promise<boolean> {
    const [entryId, fields] = entry;
    const event = fields === null ? undefined : decodeEvent(fields)?.event;
    if (event === undefined) return giveUp(entry, 'not an event');
    if (poison) return giveUp(entry, `delivered more than ${maxDeliveries} times`);
    if (await group.hasSeen(event.id)) stats.duplicates += 1;
    else if (Object.hasOwn(handlers, event.type)) {
      const bare = handlers[event.type] as EventHandler;
      const { around } = options;
      const handler = around ? (each: StreamEvent) => around(each, () => bare(each)) : bare;
      const failed = (error: unknown) => onError(error, event);
      const signal = stop.signal;
      const outcome = await handleEvent(event, handler, { maxAttempts, signal, onError: failed });
      if (outcome === 'stopped') return false;
      if (outcome !== 'done') return giveUp(entry, outcome.message);
      stats.handled += 1;
    }
    await group.acknowledge(entryId, event.id);
    return true;
  }

  async function giveUp(entry: StreamEntry, reason: string): Promise<true> {
    await group.bury(entry, reason);
    stats.dead += 1;
    report('events.dead', attributes);
    return true;
  }

  async function close() {
    stop.abort();
    const timeout = new AbortController();
    await Promise.race([running, pause(drainTimeoutMs, timeout.signal)]);
    timeout.abort();
    await group.forgetConsumers({ leaving: true }).catch(() => {});
    await connection.close();
  }

  return {
    stats: () => ({ ...stats }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
