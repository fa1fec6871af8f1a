import type { Cache } from '@shortstack/cache';
import type { RedisConnection } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const server = await startTestRedis();

/** How often each step comes, relative to the others. */
const weights = {
  get: 6,
  turn: 6,
  announce: 4,
  change: 3,
  hold: 2,
  release: 2,
  putOld: 2,
  wait: 2,
  restart: 2,
  putNow: 1,
  delete: 1,
  markStale: 1,
  settle: 1,
};
type Kind = keyof typeof weights;

const step = fc.record({
  kind: fc.constantFrom(
    ...Object.entries(weights).flatMap(([kind, weight]) => Array<Kind>(weight).fill(kind as Kind)),
  ),
  process: fc.constantFrom(0, 1),
});

test('however changes, announcements, writes and reads overlap, no process serves less than the last version announced to it, nor one that starts later less than Redis was told', async () => {
  const redis = await Promise.all([openRedis({ url: server.url }), openRedis({ url: server.url })]);
  /** What has been sent to Redis until now is answered, and what follows from that has begun. */
  const turn = () =>
    Promise.all(
      redis.map(async (connection) => {
        await new Promise((resolve) => setImmediate(resolve));
        await connection.probe();
      }),
    );

  const holds = async (steps: { kind: Kind; process: number }[]) => {
    const record = createRecord();
    const clock = createClock();
    const keyOf = ownKeys();
    const open = (redisOfProcess: RedisConnection) =>
      openCache({
        record,
        redis: redisOfProcess,
        keyOf,
        now: clock.now,
        staleWhileRevalidateSeconds: 4,
        leaseWaitMs: 8,
      });
    const processes = redis.map((connection) => ({
      connection,
      cache: open(connection),
      announced: 0,
    }));
    const crashed: Cache<string>[] = [];
    /** What any process has brought to Redis. */
    let known = 0;
    /** The value of each version, from 0. */
    const history: (string | null)[] = [null];
    const pending: Promise<unknown>[] = [];
    let release = () => {};

    const store = (value: string | null) => {
      record.store('a', history.length, value);
      history.push(value);
    };
    const read = async (process: (typeof processes)[number]) => {
      const floor = process.announced;
      const value = await process.cache.get('a');
      // Versions that came during the read are welcome too.
      expect(history.slice(floor)).toContain(value);
    };
    const announce = async (cache: Cache<string>, version: number) => {
      await cache.invalidate('a', version);
      known = Math.max(known, version);
    };
    const put = (cache: Cache<string>, version: number) => {
      const value = history[version];
      if (version > 0 && value !== undefined) pending.push(cache.put('a', { version, value }));
    };

    for (const { kind, process: index } of steps) {
      const process = processes[index];
      if (!process) continue;
      const newest = history.length - 1;
      if (kind === 'get') pending.push(read(process));
      if (kind === 'turn') await turn();
      if (kind === 'announce') {
        process.announced = newest;
        pending.push(announce(process.cache, newest));
      }
      if (kind === 'restart') {
        crashed.push(process.cache);
        process.cache = open(process.connection);
        process.announced = known;
      }
      if (kind === 'change') store(`a@${history.length}`);
      if (kind === 'delete' && newest > 0) store(null);
      if (kind === 'hold') {
        release();
        release = record.hold();
      }
      if (kind === 'release') release();
      if (kind === 'putOld') put(process.cache, newest - 1);
      if (kind === 'putNow') put(process.cache, newest);
      if (kind === 'wait') clock.advance(4);
      if (kind === 'markStale') process.cache.markStale();
      if (kind === 'settle') {
        release();
        await Promise.all(pending.splice(0));
      }
    }
    release();
    await Promise.all(pending);
    await Promise.all(processes.map(read));
    await Promise.all([...crashed, ...processes.map(({ cache }) => cache)].map((c) => c.close()));
  };

  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), holds), {
    numRuns: 300,
  });
});
