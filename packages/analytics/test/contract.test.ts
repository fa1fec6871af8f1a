import { connectRedis } from '@shortstack/redis';
import { startTestTopology } from '@shortstack/testing';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createLeaderboard, createUniqueVisitors, type ScoreRecord } from '../src/index.ts';

const minute = 60_000;
const { connection } = await startTestTopology();
const redis = connectRedis({ ...connection, name: 'hub', commandTimeoutMs: 5_000 });
await redis.ready();
afterAll(() => redis.close());

// The middle of tomorrow's day bucket, so that the server's clock expires nothing under test, at any time of day.
const day = 24 * 60 * minute;
const now = Math.ceil(Date.now() / day) * day + 12 * 60 * minute + 7 * minute;
const lengths = { quarter: 15 * minute, hour: 60 * minute, day };
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
  const board = newBoard();
  for (const [unit, length] of Object.entries(lengths)) {
    const kept = score(board, 'a', 1, { unit: unit as keyof typeof lengths });
    const old = { ...kept, ...minutesAgo(20 * 24 * 60) };
    await leaderboard.record([kept, old]);
    const keyOf = ({ time }: ScoreRecord) =>
      `test:leaderboard:{${board}}:${unit}:${(Math.floor(time.getTime() / length) * length) / 1_000}`;
    const ttlMs = await redis.client.pttl(keyOf(kept));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThan(now - Date.now() + 9 * day);
    expect(await redis.client.exists(keyOf(old))).toBe(0);
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

const visitors = createUniqueVisitors({ redis, name: 'test', now: () => now });
const people = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `visitor-${from + i}`);
const visits = (subject: string, who: readonly string[], minutes = 0) =>
  who.map((visitor) => ({ subject, visitor, ...minutesAgo(minutes) }));

test('whoever comes in several buckets of a window is one visitor', async () => {
  const subject = newBoard();
  await visitors.record([
    ...visits(subject, people(0, 10)),
    ...visits(subject, people(5, 20), 40),
    ...visits(subject, people(100, 103), 5 * 60),
    ...visits(subject, people(200, 204), 6 * 24 * 60),
    ...visits(subject, people(900, 999), 20 * 24 * 60),
  ]);
  expect(await visitors.count({ subject, window: 'hour' })).toBe(20);
  expect(await visitors.count({ subject, window: 'day' })).toBe(23);
  expect(await visitors.count({ subject, window: 'week' })).toBe(27);
});

test('visits that arrive again, late or in another order change nothing', async () => {
  const [once, again] = [newBoard(), newBoard()];
  const who = people(0, 2_500);
  await visitors.record(visits(once, who));
  for (const some of [who, who.slice(1_000), who.toReversed()]) {
    await visitors.record(visits(again, some));
  }
  const of = (subject: string) => visitors.count({ subject, window: 'week' });
  expect(await of(again)).toBe(await of(once));
});

test('the estimate of a union is within three standard errors of the truth', async () => {
  const subject = newBoard();
  for (const [i, minutes] of [0, 15, 30, 45, 60].entries()) {
    await visitors.record(visits(subject, people(3_000 * i, 3_000 * i + 5_000), minutes));
  }
  const estimate = await visitors.count({ subject, window: 'hour' });
  expect(Math.abs(estimate - 17_000) / 17_000).toBeLessThan(3 * 0.0081);
});

test('subjects do not mix, and an unknown one had no visitors', async () => {
  const [one, other] = [newBoard(), newBoard()];
  await visitors.record([...visits(one, people(0, 3)), ...visits(other, people(0, 5))]);
  expect(await visitors.count({ subject: one, window: 'day' })).toBe(3);
  expect(await visitors.count({ subject: other, window: 'day' })).toBe(5);
  expect(await visitors.count({ subject: newBoard(), window: 'day' })).toBe(0);
});

test('buckets of visitors expire, are no larger than 12 KB and a header, and counting stores nothing', async () => {
  const subject = newBoard();
  await visitors.record(visits(subject, people(0, 20_000)));
  for (const window of ['hour', 'day', 'week'] as const) await visitors.count({ subject, window });
  for (const [unit, length] of Object.entries(lengths)) {
    const start = Math.floor(now / length) * length;
    const keyOf = (bucket: number) => `test:visitors:{${subject}}:${unit}:${bucket / 1_000}`;
    const ttlMs = await redis.client.pttl(keyOf(start));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThan(now - Date.now() + 9 * day);
    expect(await redis.client.strlen(keyOf(start))).toBeLessThanOrEqual(12 * 1_024 + 16);
    expect(await redis.client.exists(keyOf(start - length))).toBe(0);
  }
});

test('a visit without a proper time is refused before anything is added', async () => {
  const subject = newBoard();
  const bad = { subject, visitor: 'b', time: new Date(Number.NaN) };
  await expect(visitors.record([...visits(subject, people(0, 1)), bad])).rejects.toMatchObject({
    kind: 'internal',
    code: 'VISIT_INVALID',
  });
  expect(await visitors.count({ subject, window: 'hour' })).toBe(0);
});

test('visitors and leaderboards are rebuilt, and marked as such, apart', async () => {
  const mine = `own-${process.pid}`;
  const board = createLeaderboard({ redis, name: mine });
  const counter = createUniqueVisitors({ redis, name: mine });
  expect(await counter.needsRebuild()).toBe(true);
  await counter.markRebuilt();
  expect(await counter.needsRebuild()).toBe(false);
  expect(await board.needsRebuild()).toBe(true);
});
