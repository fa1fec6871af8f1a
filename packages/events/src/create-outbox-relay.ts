import { fullJitterMs, pause } from './backoff.ts';
import type { Publisher } from './create-publisher.ts';
import type { Lease, Outbox } from './outbox.ts';
import { report } from './report.ts';

export interface OutboxRelayOptions {
  outbox: Outbox;
  publisher: Publisher;
  /** Subscribes to "there may be new rows" (NOTIFY); returns how to stop that. Signals may be lost: the relay polls too. */
  wake?: (listener: () => void) => () => void;
  /** How often to look without being woken, to try to become the leader, and to check for a loss. Default 1,000. */
  pollIntervalMs?: number;
  /** Rows per transaction and round trip. Default 100. */
  batchSize?: number;
  /** How long published rows are kept, to be sent again when the stream loses them. Default one hour. */
  keepPublishedMs?: number;
  /** Default `Date.now`. */
  now?: () => number;
  /** For the log. The relay itself goes on. */
  onError?: (error: unknown) => void;
}

export interface OutboxRelay {
  readonly state: {
    /** Whether this process is the one that publishes. */
    leading: boolean;
    /** Whether publishing waits for readers that lag. */
    paused: boolean;
    /** Rows published since the start; those sent again count again. */
    published: number;
    /** Rows that were made unpublished because the stream had lost them. */
    resent: number;
  };
  /** Finishes the batch in hand and gives the leadership up. */
  close(): Promise<void>;
}

const maxBackoffMs = 5_000;
const cleanUpEveryMs = 60_000;

/**
 * Moves events from a database's outbox to the stream. One process leads; any number may stand by. **At least once:** a row is marked only after it was
 * published, so a crash in between sends it twice. **In order of ids** while one process leads, as far as rows are visible; a row that is committed
 * late comes late. **Again after a loss:** each batch carries a stamp that is stored with its rows and, by the same script that appends it, in the stream's state. When the state
 * is behind the rows (emptied, restored from an older copy), all rows of the last hour are sent again.
 *
 * While the hub or the database is away the rows stay where they are, and the relay tries again after up to 5 s with jitter. While readers lag (`isLagging`)
 * it waits. Cost per batch: three round trips to the hub, two to the database; idle: two and one per poll.
 *
 * @see https://microservices.io/patterns/data/transactional-outbox.html
 */
export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { outbox, publisher, pollIntervalMs = 1_000, batchSize = 100 } = options;
  const { keepPublishedMs = 3_600_000, now = Date.now, onError = () => {} } = options;
  const state = { leading: false, paused: false, published: 0, resent: 0 };
  const stop = new AbortController();
  let woken = new AbortController();
  let cleanedUpAt = 0;
  const unsubscribe = options.wake?.(() => woken.abort());
  const running = run();

  async function run() {
    let failures = 0;
    while (!stop.signal.aborted) {
      const lease = await outbox.acquireLeadership().catch(failed);
      if (lease) await lead(lease);
      failures = lease === undefined ? failures + 1 : 0;
      const waitMs = lease === undefined ? fullJitterMs(failures, maxBackoffMs) : pollIntervalMs;
      await pause(waitMs, stop.signal);
    }
  }

  async function lead(lease: Lease) {
    state.leading = true;
    let stamp: number | undefined;
    let failures = 0;
    while (!stop.signal.aborted && !lease.lost.aborted) {
      // Before the work: a signal that comes while it runs is for the next round.
      woken = new AbortController();
      try {
        stamp ??= (await outbox.lastPublishedAt())?.getTime() ?? 0;
        const round = await publishBatch(stamp);
        stamp = round.stamp;
        await cleanUp();
        failures = 0;
        if (!round.more) await idle(pollIntervalMs, lease);
      } catch (error) {
        failed(error);
        failures += 1;
        await pause(
          fullJitterMs(failures, maxBackoffMs),
          AbortSignal.any([stop.signal, lease.lost]),
        );
      }
    }
    Object.assign(state, { leading: false, paused: false });
    await lease.release().catch(failed);
  }

  async function publishBatch(after: number): Promise<{ stamp: number; more: boolean }> {
    if (!(await publisher.holds(after))) return sendAgain();
    state.paused = await publisher.isLagging();
    if (state.paused) return { stamp: after, more: false };
    const rows = await outbox.readUnpublished(batchSize);
    if (rows.length === 0) return { stamp: after, more: false };
    // The clocks of two leaders may differ; stamps only ever grow.
    const stamp = Math.max(now(), after + 1);
    if (!(await publisher.publish(rows, { after, stamp }))) return sendAgain();
    await outbox.markPublished(
      rows.map(({ id }) => id),
      new Date(stamp),
    );
    state.published += rows.length;
    return { stamp, more: rows.length === batchSize };
  }

  async function sendAgain() {
    const rows = await outbox.unpublishAll();
    state.resent += rows;
    report('events.relay_resent', {}, rows);
    return { stamp: 0, more: true };
  }

  async function cleanUp() {
    if (now() - cleanedUpAt < cleanUpEveryMs) return;
    cleanedUpAt = now();
    await outbox.deletePublishedBefore(new Date(now() - keepPublishedMs));
  }

  async function idle(waitMs: number, lease: Lease) {
    await pause(waitMs, AbortSignal.any([stop.signal, lease.lost, woken.signal]));
  }

  function failed(error: unknown): undefined {
    report('events.relay_failures', {});
    onError(error);
  }

  return {
    state,
    async close() {
      unsubscribe?.();
      stop.abort();
      await running;
    },
  };
}
