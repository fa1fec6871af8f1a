import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { everythingIsUp } from '../everything-is-up.ts';
import type { ServiceProcess } from '../service-process.ts';
import { watchBreakers } from './breaker-watch.ts';
import type { Fault, FaultName } from './faults.ts';
import { ALIVE, type House } from './open-house.ts';
import { goesOn, type Sample } from './traffic.ts';
import { waits } from './waits.ts';

/** How one flow is answered: the same under every fault, or otherwise under some. */
type Outcome = string | ({ otherwise: string } & Partial<Record<FaultName, string>>);

export interface FaultTests {
  house: House;
  faults: Partial<Record<FaultName, Fault>>;
  /** By service and flow, as in the table of reliability.md; of every flow. */
  table: Record<'redirect' | 'create' | 'worker', Record<string, Outcome>>;
  /** Whose breakers of which connection open in time (default a second), unless the server still reads. */
  breakers?: { connection: string; of: readonly ServiceProcess[]; withinMs?: number };
  /** No request waits longer than this for the server. Default 250 ms, the promise for a Redis. */
  maxWaitMs?: number;
  /** How soon nobody waits at all. Default 1 s. */
  settledAfterMs?: number;
  /** How long each fault lasts. Default 3 s. */
  lastsMs?: number;
  /** What else is so while the fault lasts, and after it. */
  meanwhile?: (fault: FaultName) => Promise<void>;
  afterwards?: (fault: FaultName) => Promise<void>;
}

const stillReads = new Set<FaultName>(['full', 'read-only']);
const CALM_MS = 2_000;
const RECOVERY_MS = 15_000;
/** What measuring by a loaded machine may add to a wait; a request that asks a hung server waits for at least 150 ms more. */
const NOISE_MS = 140;

/** One test per fault: it begins under load, lasts a few seconds, and ends; nobody restarts anything. */
export function testFaults(options: FaultTests): void {
  const { house, faults, breakers, maxWaitMs = 250, settledAfterMs = 1_000 } = options;
  const { lastsMs = 3_000 } = options;
  const { samples } = house.traffic;
  const table: Record<string, Outcome> = Object.assign({}, ...Object.values(options.table));
  const processes = Object.values(house.stack.services).flat();
  const pids = processes.map(({ pid }) => pid);
  const hashing = new Set(
    house.visitors.flows.filter(({ hashes }) => hashes).map(({ name }) => name),
  );
  let calmSince = 0;
  let calm: readonly Sample[] = [];

  test('the table tells of every kind of request', () => {
    expect(Object.keys(table).toSorted()).toEqual(
      house.visitors.flows.map(({ name }) => name).toSorted(),
    );
  });

  test('while all is well every request is answered as usual', async () => {
    await recovered(samples, performance.now());
    calmSince = performance.now();
    await pause(CALM_MS);
    calm = samples.filter(({ sentAt }) => sentAt >= calmSince);
    expect(unlike(calm, () => goesOn)).toEqual([]);
  });

  for (const name of Object.keys(faults) as FaultName[]) {
    const fault = faults[name] as Fault;
    test(`${name}: each request is answered as the table says, and afterwards as before`, async () => {
      const opened = breakers && (await watchBreakers(breakers.of, breakers.connection));
      const begunAt = performance.now();
      await fault.begin();
      const since = performance.now();
      let during: Sample[];
      try {
        const withinMs = breakers?.withinMs ?? 1_000;
        if (!stillReads.has(name)) await opened?.(withinMs - (since - begunAt));
        await options.meanwhile?.(name);
        await pause(Math.max(0, since + lastsMs - performance.now()));
        during = samples.filter(({ sentAt }) => sentAt >= since);
      } finally {
        await fault.end();
      }
      const endedAt = performance.now();
      expect(unlike(during, ({ flow }) => outcomeOf(table[flow], name))).toEqual([]);

      const wait = waits(samples, calm);
      const tooLong = (some: readonly Sample[], ms: number) =>
        some.filter((one) => wait(one) > ms).map((one) => `${one.flow}: ${wait(one).toFixed()} ms`);
      expect(tooLong(during, maxWaitMs + NOISE_MS)).toEqual([]);
      const settled = during.filter(
        ({ flow, sentAt }) => sentAt >= since + settledAfterMs && !hashing.has(flow),
      );
      expect(tooLong(settled, NOISE_MS)).toEqual([]);

      await recovered(samples, endedAt);
      const recoveredAt = performance.now();
      await everythingIsUp(processes, RECOVERY_MS);
      await options.afterwards?.(name);
      await pause(Math.max(0, recoveredAt + 500 - performance.now()));
      const after = samples.filter(({ sentAt }) => sentAt >= recoveredAt);
      expect(unlike(after, () => goesOn)).toEqual([]);
      expect(processes.map(({ pid }) => pid)).toEqual(pids);
    }, 60_000);
  }
}

/** What was answered otherwise, each way once, with how often. */
function unlike(samples: readonly Sample[], expected: (one: Sample) => string): string[] {
  const counts = new Map<string, number>();
  for (const one of samples) {
    const wanted = one.flow === ALIVE ? goesOn : expected(one);
    if (one.outcome === wanted) continue;
    const text = `${one.flow}: ${one.outcome} instead of ${wanted}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} × ${text}`);
}

function outcomeOf(outcome: Outcome | undefined, fault: FaultName): string {
  if (typeof outcome === 'object') return outcome[fault] ?? outcome.otherwise;
  return outcome ?? goesOn;
}

/** Resolves when the latest request of each kind, sent since then, was answered as usual. */
async function recovered(samples: readonly Sample[], since: number): Promise<void> {
  const flows = new Set(samples.map(({ flow }) => flow));
  await until(
    () => {
      const left = [...flows].filter((flow) => {
        const latest = samples.findLast((one) => one.flow === flow && one.sentAt >= since);
        return latest?.outcome !== goesOn;
      });
      if (left.length > 0) throw new Error(`not yet: ${left.join(', ')}`);
      return true;
    },
    { deadlineMs: RECOVERY_MS, message: 'Not everything went on by itself' },
  );
}
