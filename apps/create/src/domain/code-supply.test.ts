import { expect, test } from 'vitest';
import { type CodeBlock, createCodeSupply } from './code-supply.ts';

function blocks() {
  let next = 0;
  return (size: number) => Array.from({ length: size }, () => `code-${next++}`);
}

test('many takers at once share one lease, and no code is given twice', async () => {
  const block = blocks();
  let leases = 0;
  const supply = createCodeSupply({
    async leaseBlock() {
      leases += 1;
      return { codes: block(1_000), isPoolLow: false };
    },
    makeBlock: () => Promise.reject(new Error('not needed')),
    onPoolLow() {},
  });
  const taken = (await Promise.all(Array.from({ length: 500 }, () => supply.take(1)))).flat();
  expect(new Set(taken).size).toBe(500);
  expect(leases).toBe(1);
});

test('the next block is fetched before this one runs dry, once', async () => {
  const block = blocks();
  const leases: ((lease: CodeBlock) => void)[] = [];
  const supply = createCodeSupply({
    leaseBlock: () => new Promise((resolve) => leases.push(resolve)),
    makeBlock: async () => [],
    onPoolLow() {},
  });
  const first = supply.take(1);
  leases[0]?.({ codes: block(1_000), isPoolLow: false });
  await first;
  await supply.take(799);
  expect(leases).toHaveLength(1);
  await supply.take(10);
  await supply.take(10);
  expect(leases).toHaveLength(2);
  expect(supply.stats().codes).toBe(180);
});

test('more codes than a block holds are taken from several', async () => {
  const block = blocks();
  const supply = createCodeSupply({
    leaseBlock: async () => ({ codes: block(300), isPoolLow: false }),
    makeBlock: async () => [],
    onPoolLow() {},
  });
  const taken = await supply.take(1_000);
  expect(new Set(taken).size).toBe(1_000);
});

test('an empty pool is asked to be filled, and does not stop anybody', async () => {
  const block = blocks();
  let asked = 0;
  const supply = createCodeSupply({
    leaseBlock: async () => null,
    makeBlock: async () => block(1_000),
    onPoolLow: () => {
      asked += 1;
    },
  });
  expect(await supply.take(3)).toHaveLength(3);
  expect(asked).toBe(1);
  expect(supply.stats()).toEqual({ codes: 997, leased: 0, made: 1 });
});

test('a failing refill is told to whoever finds no code, and tried again by the next', async () => {
  let isAway = true;
  const supply = createCodeSupply({
    async leaseBlock() {
      if (isAway) throw new Error('away');
      return { codes: ['a', 'b'], isPoolLow: false };
    },
    makeBlock: async () => [],
    onPoolLow() {},
  });
  await expect(supply.take(1)).rejects.toThrow('away');
  isAway = false;
  expect(await supply.take(1)).toEqual(['b']);
});
