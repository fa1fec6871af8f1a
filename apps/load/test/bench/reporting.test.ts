import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseBenchOptions } from '../../src/bench/bench-options.ts';
import type { Figure } from '../../src/bench/figure.ts';
import { ownerOf, selfTimes, sumBy } from '../../src/bench/profile/self-costs.ts';
import { figureTable, remarksOn } from '../../src/bench/report/figure-cells.ts';

const atLeast = (limit: number) => ({ of: 'ratio', bound: 'at least', limit }) as const;
const figures: Figure[] = [
  {
    name: 'fast',
    unit: 'rps',
    value: 51_234.5,
    baseline: 60_000,
    ratio: 0.91,
    ratios: [0.88, 0.93],
    target: atLeast(0.9),
  },
  { name: 'slow', unit: 'rps', value: 10, ratio: 0.89, target: atLeast(0.9) },
  { name: 'small', unit: 'MiB', value: 90, target: { of: 'value', bound: 'at most', limit: 90 } },
  { name: 'wide', unit: 'rps', target: atLeast(1.8), notMeasurable: '2 cores, 4 needed' },
  { name: 'free', unit: 'rps', value: 1 },
];

test('the table says of each target whether it is met', () => {
  expect(figureTable(figures).rows).toEqual([
    ['fast', '51,235', 'rps', '60,000', '0.91', '≥ 0.90 ×', 'met'],
    ['slow', '10', 'rps', '', '0.89', '≥ 0.90 ×', 'missed'],
    ['small', '90', 'MiB', '', '', '≤ 90', 'met'],
    ['wide', '', 'rps', '', '', '≥ 1.80 ×', 'not measurable here'],
    ['free', '1', 'rps', '', '', '', ''],
  ]);
  expect(remarksOn(figures)).toEqual([
    'fast: ratio of the rounds 0.88 to 0.93',
    'wide: 2 cores, 4 needed',
  ]);
});

test('rows are asked for by name, and a name that is none is refused', () => {
  expect(parseBenchOptions(['a', '--quick'], ['a', 'b'])).toMatchObject({
    rows: ['a'],
    quick: true,
    rounds: 1,
  });
  expect(() => parseBenchOptions(['c'], ['a', 'b'])).toThrow('no row c');
  expect(() => parseBenchOptions(['--rounds', '0'], ['a'])).toThrow('whole number');
});

test('a profile is summed up by whose code it is', () => {
  const frame = (url: string, functionName = 'f') => ({ functionName, url, lineNumber: 0 });
  expect(ownerOf(frame('file:///x/node_modules/@fastify/a/b.js'))).toBe('@fastify/a');
  expect(ownerOf(frame('file:///x/node_modules/a/node_modules/b/c.js'))).toBe('b');
  expect(ownerOf(frame('node:net'))).toBe("Node's own modules");
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('file:///x/apps/redirect/src/app.ts') },
      { id: 2, callFrame: frame('file:///x/packages/cache/src/cache.ts') },
      { id: 3, callFrame: frame('', '(garbage collector)') },
    ],
    samples: [1, 2, 1],
    timeDeltas: [10, 5, 20],
  };
  expect(sumBy(selfTimes(profile), ownerOf)).toEqual([
    { name: 'apps/redirect', cost: 30 },
    { name: 'packages/cache', cost: 5 },
  ]);
});

test('the command measures one row alone and writes what it found', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bench-test-'));
  try {
    const main = fileURLToPath(new URL('../../src/bench/main.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--conditions=source', main, 'images', '--quick', '--out', out],
    ]);
    expect(stdout).toContain('image of redirect above');
    expect(stdout).toContain('smoke run');
    const json = JSON.parse(await readFile(join(out, 'latest.json'), 'utf8')) as {
      figures: unknown[];
      machine: { node: string };
    };
    expect(json.figures).toHaveLength(3);
    expect(json.machine.node).toBe(process.version);
    expect(await readFile(join(out, 'latest.html'), 'utf8')).toContain('image of redirect above');
  } finally {
    await rm(out, { recursive: true });
  }
});
