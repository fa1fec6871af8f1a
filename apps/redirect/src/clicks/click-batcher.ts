import { randomUUID } from 'node:crypto';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { appendClick, type ClickBatch, type RawClick } from './click-batch.ts';
import type { Failpoint } from './failpoint.ts';
import { letRequestsGather } from './let-requests-gather.ts';
import { createWaitingTimes, type WaitingTimes } from './waiting-times.ts';

export interface TracedBatch extends ClickBatch {
  /** Trace contexts of its clicks' requests, of 100 at most; absent where none is traced. */
  requests?: readonly string[];
}

export interface ClickBatcherOptions {
  /** Makes a batch durable. Resolves when it is; rejects when it could be put nowhere. */
  store: (batch: TracedBatch) => Promise<void>;
  /** The trace context of the request in which it is called, if that is traced. Default: none is. */
  currentTrace?: () => string | undefined;
  /** Told how many clicks were lost with a batch that `store` rejected. */
  onDropped: (clicks: number, error: unknown) => void;
  failpoint?: Failpoint;
}

export interface ClickBatcher {
  /** Takes a click and calls `done`, which must not throw, once it is durable, or once it is known that it can't be. */
  record(click: RawClick, done: () => void): void;
  /** Resolves when everything taken so far has been answered. */
  drain(): Promise<void>;
  stats(): { recorded: number; batches: number; dropped: number };
  /** How long clicks waited to be durable. Measured per batch, from the first moment at which a click of it can have come. */
  waitingTimes(): ReturnType<WaitingTimes['buckets']>;
}

/** However fast clicks come, none waits longer than this to be sent. */
const maxGatherMs = 1;
/** So many clients answered at once will send their next requests together. */
const crowd = 8;
const maxTraces = 100;

/**
 * Group commit: clicks that come while a batch is on its way, and then as long as each turn of the event
 * loop brings more (for 1 ms at most), form the next batch. One batch is under way at a time, so batches grow
 * with the load and a lone click waits for nobody. After a batch of 8 or more the process sleeps for 0.1 ms before
 * it reads on. A batch costs as much CPU as several requests, most of it in the kernel, so few large ones are
 * what makes this path fast. Bounded by the number of requests in flight, each of which waits here.
 */
export function createClickBatcher({
  store,
  onDropped,
  failpoint,
  currentTrace,
}: ClickBatcherOptions): ClickBatcher {
  const bootId = randomUUID();
  let sequence = 0;
  let payload = '';
  let waiting: (() => void)[] = [];
  let requests: string[] | undefined;
  let isBusy = false;
  let recorded = 0;
  let dropped = 0;
  const drained: (() => void)[] = [];
  const times = createWaitingTimes();
  /** When the batch that gathers was begun. */
  let begunAt = 0;

  /** Waits while each turn of the event loop brings more clicks: they are of the same moment. */
  async function gather(): Promise<void> {
    const until = performance.now() + maxGatherMs;
    let known: number;
    do {
      known = waiting.length;
      await endOfTurn();
    } while (waiting.length > known && performance.now() < until);
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = { bootId, sequence: ++sequence, payload };
      const traced = requests === undefined ? batch : { ...batch, requests };
      const answered = waiting;
      const since = begunAt;
      begunAt = performance.now();
      payload = '';
      waiting = [];
      requests = undefined;
      try {
        await store(traced);
      } catch (error) {
        dropped += answered.length;
        onDropped(answered.length, error);
      }
      times.add(performance.now() - since, answered.length);
      failpoint?.('stored');
      for (const done of answered) done();
      failpoint?.('acknowledged');
      if (answered.length >= crowd) letRequestsGather();
      await gather();
    }
    isBusy = false;
    for (const resolve of drained.splice(0)) resolve();
  }

  return {
    record(click, done) {
      payload = appendClick(payload, click);
      waiting.push(done);
      recorded += 1;
      const trace = currentTrace?.();
      if (trace !== undefined) {
        requests ??= [];
        if (requests.length < maxTraces) requests.push(trace);
      }
      if (isBusy) return;
      isBusy = true;
      begunAt = performance.now();
      void gather().then(flush);
    },
    drain: () => (isBusy ? new Promise((resolve) => drained.push(resolve)) : Promise.resolve()),
    stats: () => ({ recorded, batches: sequence, dropped }),
    waitingTimes: () => times.buckets(),
  };
}
