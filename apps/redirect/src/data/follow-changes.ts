import type { LinksChanged } from '@shortstack/contracts';
import type { CircuitBreaker } from '@shortstack/redis';
import type { Pool } from 'pg';

export interface FollowChangesOptions {
  pool: Pool;
  breaker: CircuitBreaker;
  /** Called once per event. */
  onChange: (type: string, changed: LinksChanged) => void;
  /** Changes may have been missed: called after each second without an answer, from the third on, and when reading goes on after that. */
  onSilence: () => void;
  /** Default 1,000 ms. */
  pollEveryMs?: number;
}

export interface ChangeFollower {
  /** An event was heard by another way: it need not be read here. */
  skip(eventId: string): void;
  close(): Promise<void>;
}

/** Transactions that write end within 5 s, so a row is visible at most this long after its `created_at`. */
const overlapSeconds = 10;
const silenceMs = 3_000;

/**
 * The guarantee behind "a changed link is served stale for 5 s at most": reads the newest outbox rows from
 * PostgreSQL each second, so that neither a dead relay nor a lost event matters. Rows seen before are left
 * out by their ids, so a reading costs what is new.
 */
export function followChanges(options: FollowChangesOptions): ChangeFollower {
  const { pool, breaker, onChange, onSilence, pollEveryMs = 1_000 } = options;
  const seen = new Map<number, number>();
  let answeredAt = performance.now();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();

  async function poll(): Promise<void> {
    const startedAt = performance.now();
    const { rows } = await breaker.run(() =>
      pool.query<{ id: string; type: string; payload: LinksChanged }>({
        name: 'newest-changes',
        text: `SELECT id, type, payload FROM outbox
               WHERE created_at > now() - interval '${overlapSeconds} seconds' AND type LIKE 'link.%'
                 AND NOT $1::int8multirange @> id ORDER BY id`,
        values: [toMultirange(seen.keys())],
      }),
    );
    // This process may have stood still, and longer than the overlap covers.
    if (startedAt - answeredAt > silenceMs) onSilence();
    for (const { id, type, payload } of rows) {
      seen.set(Number(id), startedAt);
      onChange(type, payload);
    }
    const forgetBefore = startedAt - 2_000 * overlapSeconds;
    for (const [id, at] of seen) if (at < forgetBefore) seen.delete(id);
    answeredAt = startedAt;
  }

  async function turn(): Promise<void> {
    await poll().catch(() => {
      // The breaker and readiness tell of it; what matters here is how long it lasts.
      if (performance.now() - answeredAt > silenceMs) onSilence();
    });
    if (isClosed) return;
    timer = setTimeout(() => {
      reading = turn();
    }, pollEveryMs);
  }
  reading = turn();

  return {
    skip: (eventId) => void seen.set(Number(eventId), performance.now()),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await reading;
    },
  };
}

/** Neighbouring ids become one range, so the parameter stays short. */
function toMultirange(ids: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && id === last[1] + 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return `{${ranges.map(([from, to]) => `[${from},${to}]`).join(',')}}`;
}
