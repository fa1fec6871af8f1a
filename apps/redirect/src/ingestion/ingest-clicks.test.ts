import { AppError } from '@shortstack/errors';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { ClickBatch } from '../clicks/click-batch.ts';
import { startClickIngestion } from './ingest-clicks.ts';
import { BadBatchError } from './parse-batch.ts';

const batchOf = (sequence: number): ClickBatch => ({ bootId: 'boot', sequence, payload: '' });

/** Ingests one reading of ten batches; `count` throws what is wrong with them. */
function ingest(count: (batches: readonly ClickBatch[]) => void) {
  const counted: number[] = [];
  const buried: number[] = [];
  const errors: unknown[] = [];
  let readings = [Array.from({ length: 10 }, (_, at) => batchOf(at + 1))];
  const ingestion = startClickIngestion({
    sources: {
      only: {
        pollMs: 1,
        async read() {
          const [batches] = readings;
          if (batches === undefined) return null;
          return {
            batches,
            nextInMs: 1,
            async forget() {
              readings = [];
            },
          };
        },
      },
    },
    async countBatches(batches) {
      count(batches);
      counted.push(...batches.map(({ sequence }) => sequence));
      return { clicks: 0, quarters: [], visits: [], rows: [], repeatedBatches: 0 };
    },
    async buryBatch({ sequence }) {
      buried.push(sequence);
    },
    onCounted: () => undefined,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => ingestion.close());
  return { counted, buried, errors, done: () => until(() => readings.length === 0) };
}

test('of a reading with bad batches exactly those are put aside', async () => {
  const bad = new Set([1, 4, 5, 10]);
  const { counted, buried, done } = ingest((batches) => {
    const found = batches.find(({ sequence }) => bad.has(sequence));
    if (found !== undefined) throw new BadBatchError(found, 'unreadable');
  });
  await done();
  expect(buried).toEqual([1, 4, 5, 10]);
  expect(counted).toEqual([2, 3, 6, 7, 8, 9]);
});

test('data that PostgreSQL refuses is found by halving', async () => {
  const { counted, buried, done } = ingest((batches) => {
    if (batches.some(({ sequence }) => sequence === 7))
      throw Object.assign(new Error('out of range'), { code: '22003' });
  });
  await done();
  expect(buried).toEqual([7]);
  expect(counted).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10]);
});

test.each([
  ['a table is missing', '42P01'],
  ['a grant is missing', '42501'],
  ['the password is wrong', '28P01'],
  ['the server shuts down', '57P01'],
  ['the disk is full', '53100'],
  ['the connection breaks', 'ECONNRESET'],
  ['the pipe breaks', 'EPIPE'],
])('while %s nothing is put aside', async (message, code) => {
  let failures = 0;
  const { counted, buried, errors, done } = ingest(() => {
    failures += 1;
    if (failures <= 2) throw Object.assign(new Error(message), { code });
  });
  await done();
  expect(buried).toEqual([]);
  expect(errors).toHaveLength(2);
  expect(counted).toHaveLength(10);
});

test('it is told how long the oldest click has waited, while it waits and when it is counted', async () => {
  let now = 10_000;
  let readings = [[{ ...batchOf(1), payload: '4000\n1\n' }, batchOf(2)]];
  let isDown = true;
  const ingestion = startClickIngestion({
    sources: {
      stream: {
        pollMs: 60_000,
        async read() {
          const [batches] = readings;
          if (batches === undefined) return null;
          const forget = async () => {
            readings = [];
          };
          return { batches, nextInMs: 60_000, forget };
        },
      },
      spool: { pollMs: 1, read: async () => null },
    },
    async countBatches() {
      if (isDown) throw new AppError('unavailable', 'DATABASE_UNAVAILABLE', 'It is away.');
      return { clicks: 2, quarters: [], visits: [], rows: [], repeatedBatches: 0 };
    },
    buryBatch: async () => undefined,
    onCounted: () => undefined,
    onError: () => undefined,
    now: () => now,
  });
  onTestFinished(() => ingestion.close());
  await until(() => 'spool' in ingestion.lagSeconds());
  expect(ingestion.lagSeconds()).toEqual({ stream: 6, spool: 0 });
  now = 14_000;
  expect(ingestion.lagSeconds()).toEqual({ stream: 10, spool: 0 });
  isDown = false;
  await until(() => readings.length === 0);
  now = 99_000;
  expect(ingestion.lagSeconds()).toEqual({ stream: 10, spool: 0 });
});
