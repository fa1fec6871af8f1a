import { connectRedis } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createLeaderboard, type ScoreRecord } from '../src/index.ts';

const minute = 60_000;
const server = await startTestRedis();
const redis = connectRedis({ url: server.url, name: 'hub', commandTimeoutMs: 2_000 });
await redis.ready();
afterAll(() => redis.close());

// The middle of tomorrow's day bucket, so that the server's clock expires nothing under test, at any time of day.
const day = 24 * 60 * minute;
const now = Math.ceil(Date.now() / day) * day + 12 * 60 * minute + 7 * minute;
let boards = 0;
const newBoard = () => `account-${++boards}`;
const leaderboard = createLeaderboard({ redis, name: 'test', now: () => now });

function score(board: string, member: string, value: number, rest: Partial<ScoreRecord> = {}) {
  return { board, member, score: value, unit: 'quarter' as const, time: new Date(now), ...rest };
}

const minutesAgo = (minutes: number) => ({ time: new Date(now - minutes * minute) });

test('the last hour adds up its quarters, best first', async () => {
  const board = newBoard();
  await leaderboard.record([
    score(board, 'spring', 3),
    score(board, 'spring', 4, minutesAgo(15)),
    score(board, 'summer', 5, minutesAgo(60)),
    score(board, 'autumn', 1, minutesAgo(30)),
    score(board, 'winter', 99, minutesAgo(75)),
  ]);
  expect(await leaderboard.top({ board, window: 'hour', limit: 10 })).toEqual([
    { member: 'spring', score: 7 },
    { member: 'summer', score: 5 },
    { member: 'autumn', score: 1 },
  ]);
});

test('the limit keeps the best, an unknown board is empty, boards do not mix', async () => {
  const board = newBoard();
  await leaderboard.record([1, 2, 3, 4].map((value) => score(board, `m${value}`, value)));
  await leaderboard.record([score(newBoard(), 'm4', 1_000)]);
  expect(await leaderboard.top({ board, window: 'hour', limit: 2 })).toEqual([
    { member: 'm4', score: 4 },
    { member: 'm3', score: 3 },
  ]);
  expect(await leaderboard.top({ board, window: 'hour', limit: 0 })).toEqual([]);
  expect(await leaderboard.top({ board: newBoard(), window: 'week', limit: 10 })).toEqual([]);
});

test('day and week read the buckets of their own unit', async () => {
  const board = newBoard();
  await leaderboard.record([
    score(board, 'a', 1, { unit: 'hour', ...minutesAgo(24 * 60) }),
    score(board, 'a', 2, { unit: 'hour' }),
    score(board, 'a', 10, { unit: 'day', ...minutesAgo(7 * 24 * 60) }),
    score(board, 'a', 20, { unit: 'day' }),
  ]);
  expect(await leaderboard.top({ board, window: 'hour', limit: 1 })).toEqual([]);
  expect(await leaderboard.top({ board, window: 'day', limit: 1 })).toEqual([
    { member: 'a', score: 3 },
  ]);
  expect(await leaderboard.top({ board, window: 'week', limit: 1 })).toEqual([
    { member: 'a', score: 30 },
  ]);
});

test('totals that arrive again, late or out of order change nothing', async () => {
  const board = newBoard();
  for (const value of [5, 9, 9, 7]) await leaderboard.record([score(board, 'a', value)]);
  expect(await leaderboard.top({ board, window: 'hour', limit: 1 })).toEqual([
    { member: 'a', score: 9 },
  ]);
});

test('as long as no bucket overflows, the leaderboard equals the sum of the totals', async () => {
  const anyRecord = fc.record({
    member: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    quarter: fc.integer({ min: 0, max: 4 }),
    value: fc.integer({ min: 1, max: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (records) => {
      const board = newBoard();
      const highest = new Map<string, number>();
      for (const { member, quarter, value } of records) {
        const key = `${member}/${quarter}`;
        highest.set(key, Math.max(value, highest.get(key) ?? 0));
      }
      const sums: Record<string, number> = {};
      for (const [key, value] of highest) {
        const member = key.slice(0, 1);
        sums[member] = (sums[member] ?? 0) + value;
      }
      await leaderboard.record(
        records.map((r) => score(board, r.member, r.value, minutesAgo(15 * r.quarter))),
      );
      const top = await leaderboard.top({ board, window: 'hour', limit: 10 });
      expect(Object.fromEntries(top.map((entry) => [entry.member, entry.score]))).toEqual(sums);
      expect(top.map((entry) => entry.score)).toEqual(Object.values(sums).sort((a, b) => b - a));
    }),
    { numRuns: 50 },
  );
});

test('a bucket keeps its best members only, and a dropped one comes back with its total', async () => {
  const board = newBoard();
  const small = createLeaderboard({ redis, name: 'test', maxMembers: 3, now: () => now });
  await small.record([1, 2, 3, 4, 5].map((value) => score(board, `m${value}`, value)));
  const members = async () =>
    (await small.top({ board, window: 'hour', limit: 10 })).map((entry) => entry.member);
  expect(await members()).toEqual(['m5', 'm4', 'm3']);
  await small.record([score(board, 'm1', 6)]);
  expect(await members()).toEqual(['m1', 'm5', 'm4']);
});

test('thousands of scores over many boards are all set', async () => {
  const wide = createLeaderboard({ redis, name: 'wide', maxMembers: 5_000, now: () => now });
  const board = newBoard();
  const records = Array.from({ length: 3_500 }, (_, i) => score(board, `m${i}`, i + 1));
  const others = Array.from({ length: 300 }, () => newBoard());
  await wide.record([...records, ...others.map((other) => score(other, 'm', 1))]);
  expect(await wide.top({ board, window: 'hour', limit: 5_000 })).toHaveLength(3_500);
  for (const other of others) {
    expect(await wide.top({ board: other, window: 'hour', limit: 5 })).toHaveLength(1);
  }
});

test('every bucket has an expiry, and totals of long ago are left out', async () => {
  await redis.client.flushall();
  const board = newBoard();
  for (const unit of ['quarter', 'hour', 'day'] as const) {
    await leaderboard.record([
      score(board, 'a', 1, { unit }),
      score(board, 'a', 1, { unit, ...minutesAgo(20 * 24 * 60) }),
    ]);
  }
  const keys = await redis.client.keys('*');
  expect(keys).toHaveLength(3);
  for (const key of keys) {
    const ttlMs = await redis.client.pttl(key);
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThan(now - Date.now() + 9 * day);
  }
});

test('a score that is no number is refused before anything is set', async () => {
  const board = newBoard();
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    await expect(
      leaderboard.record([score(board, 'good', 1), score(board, 'bad', value)]),
    ).rejects.toMatchObject({ kind: 'internal', code: 'SCORE_INVALID' });
  }
  expect(await leaderboard.top({ board, window: 'hour', limit: 10 })).toEqual([]);
});
