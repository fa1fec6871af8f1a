import { expect, it } from 'vitest';
import { createTally, recordMs, type Tally } from '../generate/tally.ts';
import { findingsOf } from './findings.ts';
import type { LoadPlan } from './load-plan.ts';

const plan: LoadPlan = {
  runId: 'load-x',
  target: 'http://localhost:3001',
  api: undefined,
  links: { slugs: ['a'] },
  distribution: { kind: 'uniform' },
  unknownShare: 0,
  creationShare: 0,
  editsPerSecond: 0,
  stages: [{ seconds: 10, from: 1_000, to: 1_000 }],
  seconds: 10,
  connections: 64,
  threads: 1,
  keepAlive: true,
  timeoutMs: 5_000,
  userAgent: 'x',
  seed: 1,
};

/** A tally of a thousand requests, so many of which took and were late as is said. */
function tallyOf(some: Partial<Tally>, [count, latencyMs, latenessMs] = [0, 0, 0]): Tally {
  const tally = createTally();
  for (let at = 0; at < 1_000; at += 1) {
    recordMs(tally.latency, at < count ? latencyMs : 2);
    recordMs(tally.lateness, at < count ? latenessMs : 0.5);
  }
  return Object.assign(tally, { answers: 1_000, ...some });
}

function badOnes(tally: Tally, busiest = 0.5, changes: Partial<LoadPlan> = {}): string[] {
  const seconds = Array.from({ length: 10 }, () => ({ kinds: {}, seconds: 1, busiest }));
  const run = { seconds, total: { redirect: tally }, threads: [] };
  return findingsOf({ ...plan, ...changes }, run, { notDone: '', isFault: false })
    .filter(({ bad }) => bad)
    .map(({ text }) => text);
}

it('says nothing of a generator that kept up', () => {
  expect(badOnes(tallyOf({}))).toEqual([]);
  // Slow answers are the service's own; in an open loop a busy thread spoils nothing while it sends in time.
  expect(badOnes(tallyOf({}, [100, 500, 1]), 0.95)).toEqual([]);
});

it('says from which percentile on a late generator spoils the latencies', () => {
  expect(badOnes(tallyOf({}, [20, 60, 50]))).toEqual([expect.stringContaining('from p99 on')]);
  // A pause of a moment, which p99 does not show.
  expect(badOnes(tallyOf({}, [3, 60, 50]))).toEqual([expect.stringContaining('from p99.9 on')]);
  expect(badOnes(tallyOf({}, [20, 900, 50]))).toEqual([]);
});

it('says when requests had to wait for a connection', () => {
  expect(badOnes(tallyOf({ waited: 1 }))).toEqual([]);
  expect(badOnes(tallyOf({ waited: 20 }))).toEqual([expect.stringContaining('all 64 connections')]);
});

it('in a closed loop a thread without rest is the limit', () => {
  const closed = { stages: undefined };
  expect(badOnes(tallyOf({}), 0.95, closed)).toEqual([
    expect.stringContaining('The generator was the limit'),
  ]);
  expect(badOnes(tallyOf({}), 0.8, closed)).toEqual([]);
});

it('says how many requests were refused or failed', () => {
  const tally = tallyOf({ unexpected: 5, failures: { reset: 2 } });
  expect(badOnes(tally)).toEqual([expect.stringContaining('7 of 1,002 requests')]);
});
