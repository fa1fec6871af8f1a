import type { Table } from '../../report/render-report.ts';
import type { Bench } from '../bench.ts';
import type { Side } from '../measure/measure-rounds.ts';
import { freePort } from '../subjects/free-port.ts';
import type { Stack } from '../subjects/stack.ts';
import { type Inspector, inspectProcess } from './inspect-process.ts';
import {
  type CpuProfile,
  type HeapNode,
  ownerOf,
  placeOf,
  type SelfCost,
  selfAllocations,
  selfTimes,
  sumBy,
} from './self-costs.ts';

const shownFunctions = 25;
const samplingMicroseconds = 250;
const samplingBytes = 4_096;

/**
 * With `--profile`: adds to the report what the CPU time and the allocations of the redirect process are made of under this load, by
 * owner, and the functions that cost most themselves. `load` names it, such as `hot redirects`. The process is started anew
 * with an inspector, and once more without it afterwards.
 */
export async function profileRedirect(
  bench: Bench,
  stack: Stack,
  load: string,
  side: Side,
): Promise<void> {
  const { options, say } = bench;
  if (!options.profile) return;
  const port = await freePort();
  await stack.restart('redirect', { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` });
  const inspector = await inspectProcess(port);
  try {
    const run = async () => {
      const answers = await side.drive();
      await side.settle?.();
      return answers;
    };
    say('profile: warming up');
    await run();
    say('profile: CPU time');
    const times = await cpuCosts(inspector, run);
    say('profile: allocations');
    const sizes = await allocationCosts(inspector, run);
    addTables(`CPU time of the redirect process, ${load}`, 'µs per request', times);
    addTables(`Allocations of the redirect process, ${load}`, 'bytes per request', sizes);
  } finally {
    inspector.close();
    await stack.restart('redirect');
  }

  function addTables(title: string, unit: string, costs: Costs): void {
    for (const table of tablesOf(title, unit, costs)) bench.addTable(table);
  }
}

interface Costs {
  costs: SelfCost[];
  requests: number;
}

async function cpuCosts(inspector: Inspector, run: () => Promise<number>): Promise<Costs> {
  await inspector.send('Profiler.enable');
  await inspector.send('Profiler.setSamplingInterval', { interval: samplingMicroseconds });
  await inspector.send('Profiler.start');
  const requests = await run();
  const { profile } = await inspector.send<{ profile: CpuProfile }>('Profiler.stop');
  const busy = selfTimes(profile).filter(({ callFrame }) => ownerOf(callFrame) !== 'idle');
  return { costs: busy, requests };
}

async function allocationCosts(inspector: Inspector, run: () => Promise<number>): Promise<Costs> {
  await inspector.send('HeapProfiler.startSampling', {
    samplingInterval: samplingBytes,
    // What has been collected meanwhile was allocated all the same.
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  const requests = await run();
  const { profile } = await inspector.send<{ profile: { head: HeapNode } }>(
    'HeapProfiler.stopSampling',
  );
  return { costs: selfAllocations(profile.head), requests };
}

function tablesOf(title: string, unit: string, { costs, requests }: Costs): Table[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  const rows = (sums: readonly { name: string; cost: number }[]) =>
    sums.map(({ name, cost }) => [
      name,
      (cost / requests).toFixed(2),
      `${((100 * cost) / total).toFixed(1)} %`,
    ]);
  const byPlace = sumBy(costs, (frame) => `${placeOf(frame)} (${ownerOf(frame)})`);
  return [
    {
      title: `${title}, by owner`,
      columns: ['owner', unit, 'share'],
      rows: [['all', (total / requests).toFixed(2), ''], ...rows(sumBy(costs, ownerOf))],
    },
    {
      title: `${title}, the functions that cost most themselves`,
      columns: ['function', unit, 'share'],
      rows: rows(byPlace.slice(0, shownFunctions)),
    },
  ];
}
