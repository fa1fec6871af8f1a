import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { longestLag } from '../../src/bench/measure/longest-lag.ts';
import { measureRounds, type Side } from '../../src/bench/measure/measure-rounds.ts';
import { median } from '../../src/bench/measure/median.ts';
import { cpuSeconds, residentMebibytes } from '../../src/bench/measure/process-figures.ts';
import { ratioFigure } from '../../src/bench/measure/ratio-figure.ts';

test('the median is the value in the middle, or the mean of the two', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 9])).toBe(3.5);
  expect(median([])).toBeNaN();
});

/** A side that answers a thousand requests each time and uses the given CPU seconds, one after the other. */
function sideUsing(order: string[], name: string, used: number[]): Side {
  let total = 0;
  let behind = 0;
  return {
    cpu: { process: () => total },
    settledCpu: { all: () => total + behind },
    async drive() {
      order.push(name);
      total += used.shift() ?? 0;
      return 1_000;
    },
    async settle() {
      behind += 1;
    },
  };
}

test('sides take turns, and the ratio is the median of the ratios of the rounds', async () => {
  const order: string[] = [];
  const rounds = await measureRounds(3, {
    bare: sideUsing(order, 'bare', [1, 4, 1]),
    subject: sideUsing(order, 'subject', [2, 4, 4]),
  });

  expect(order).toEqual(['bare', 'subject', 'bare', 'subject', 'bare', 'subject']);
  const figure = ratioFigure(rounds, {
    name: 'a row',
    subject: ['subject', 'process'],
    baseline: ['bare', 'process'],
  });
  expect(figure.ratios).toEqual([0.5, 1, 0.25]);
  // Not 250 / 1000, the ratio of the medians.
  expect(figure).toMatchObject({ ratio: 0.5, value: 250, baseline: 1_000 });
});

test('what goes on behind the answers counts until it is settled', async () => {
  const rounds = await measureRounds(1, { only: sideUsing([], 'only', [1]) });
  expect(rounds.perCpuSecond('only', 'process')).toBe(1_000);
  expect(rounds.perCpuSecond('only', 'all')).toBe(500);
});

test('CPU seconds are those of a process, its children, and children that have ended', async () => {
  const burn = (ms: number) => `while (process.cpuUsage().user < ${ms} * 1000);`;
  // The shell waits for one child that ends and for one that goes on.
  const script = `node -e "${burn(150)}"; node -e "${burn(150)} console.log(1); setInterval(() => {}, 1000)"; :`;
  const shell = spawn('sh', ['-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    await once(shell.stdout, 'data');
    const pid = shell.pid ?? 0;
    expect(cpuSeconds(pid)).toBeGreaterThan(0.25);
    expect(residentMebibytes(pid)).toBeGreaterThan(20);
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  }
});

test('the lag is how long ago as many were answered as are counted now', () => {
  expect(
    longestLag([
      { seconds: 0, answered: 0, counted: 0 },
      { seconds: 1, answered: 100, counted: 50 },
      { seconds: 2, answered: 200, counted: 50 },
      { seconds: 3, answered: 200, counted: 200 },
    ]),
  ).toBeCloseTo(1.5);
});
