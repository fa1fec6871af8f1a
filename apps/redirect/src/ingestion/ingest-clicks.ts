import { setTimeout as wait } from 'node:timers/promises';
import { databaseErrorOf, isDatabaseUnavailable } from '@shortstack/db';
import type { ClickBatch } from '../clicks/click-batch.ts';
import type { ClickSource } from './click-source.ts';
import type { Counted } from './count-batches.ts';
import { BadBatchError } from './parse-batch.ts';

export interface ClickIngestionOptions {
  /** Read in turn. Each may be away without holding up the other. */
  sources: Record<string, ClickSource>;
  countBatches: (batches: readonly ClickBatch[]) => Promise<Counted>;
  /** Puts away a batch that can't be counted. */
  buryBatch: (batch: ClickBatch, reason: string) => Promise<void>;
  /** Told after each commit. */
  onCounted: (counted: Counted) => void;
  onError: (error: unknown, source: string) => void;
  /** Default `Date.now`. */
  now?: () => number;
}

export interface ClickIngestion {
  stats(): { clicks: number; batches: number; repeatedBatches: number; buriedBatches: number };
  /**
   * By source: how old the oldest click is that was read and is not counted yet, or was when the last reading had been counted; 0
   * when nothing waited. A source that can't be read keeps its last one.
   */
  lagSeconds(): Record<string, number>;
  /** Finishes the transaction under way and stops. */
  close(): Promise<void>;
}

const firstBackoffMs = 50;
const lastBackoffMs = 5_000;

/**
 * The loop of redirect-jobs: read, count in one transaction, forget. Dying anywhere in it loses nothing and
 * counts nothing twice. While PostgreSQL is away it waits, with backoff and full jitter; a batch that can't be
 * counted for a reason of its own is found by halving and put away, and the rest goes on.
 */
export function startClickIngestion(options: ClickIngestionOptions): ClickIngestion {
  const { sources, countBatches, buryBatch, onCounted, onError, now = Date.now } = options;
  const stopping = new AbortController();
  /** Of each source, in ms: a time since which clicks wait, or how long the last ones waited. */
  const lags = new Map<string, { since: number } | { lasted: number }>();
  const totals = { clicks: 0, batches: 0, repeatedBatches: 0, buriedBatches: 0 };

  async function count(batches: readonly ClickBatch[]): Promise<void> {
    if (batches.length === 0) return;
    try {
      const counted = await countBatches(batches);
      totals.clicks += counted.clicks;
      totals.batches += batches.length;
      totals.repeatedBatches += counted.repeatedBatches;
      onCounted(counted);
    } catch (error) {
      const [only] = batches;
      if (only === undefined || !canBeOfOneBatch(error)) throw error;
      if (batches.length === 1) {
        await buryBatch(only, error instanceof Error ? error.message : String(error));
        totals.buriedBatches += 1;
        return;
      }
      const bad = error instanceof BadBatchError ? batches.indexOf(error.batch) : -1;
      const middle = bad === -1 ? batches.length >> 1 : Math.max(bad, 1);
      await count(batches.slice(0, middle));
      await count(batches.slice(middle));
    }
  }

  async function run(name: string, source: ClickSource): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        const reading = await source.read();
        if (reading === null) lags.set(name, { lasted: 0 });
        else {
          const since = clickedAtOf(reading.batches[0]);
          lags.set(name, { since });
          await count(reading.batches);
          lags.set(name, { lasted: now() - since });
          await reading.forget();
        }
        failures = 0;
        await pause(reading === null ? source.pollMs : reading.nextInMs);
      } catch (error) {
        onError(error, name);
        failures += 1;
        await pause(Math.random() * Math.min(lastBackoffMs, firstBackoffMs * 2 ** failures));
      }
    }
  }

  async function pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  const loops = Object.entries(sources).map(([name, source]) => run(name, source));
  return {
    stats: () => ({ ...totals }),
    lagSeconds: () =>
      Object.fromEntries(
        [...lags].map(([name, lag]) => {
          const ms = 'since' in lag ? now() - lag.since : lag.lasted;
          return [name, Math.max(0, ms) / 1_000 || 0];
        }),
      ),
    async close() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** When its first click was made, which is the oldest; NaN for a batch that can't be read. See `appendClick`. */
function clickedAtOf(batch: ClickBatch | undefined): number {
  return Number.parseInt(batch?.payload ?? '', 10);
}

/**
 * Of what PostgreSQL says only bad data (class 22) and broken constraints (23) can lie in a batch. A missing
 * table, grant or password would befall them all: they wait until somebody mends it.
 */
function canBeOfOneBatch(error: unknown): boolean {
  if (error instanceof BadBatchError) return true;
  if (isDatabaseUnavailable(error)) return false;
  const { code } = databaseErrorOf(error);
  return code === undefined || code.length !== 5 || /^2[23]/.test(code);
}
