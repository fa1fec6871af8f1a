import { randomUUID } from 'node:crypto';
import { createTestDatabase, openTestPool } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { appendClick, type ClickBatch } from '../src/clicks/click-batch.ts';
import type { ClickSource } from '../src/ingestion/click-source.ts';
import { createBatchCounter } from '../src/ingestion/count-batches.ts';
import { startClickIngestion } from '../src/ingestion/ingest-clicks.ts';
import { auditClicks, flawless } from './audit-clicks.ts';

const database = await createTestDatabase();
const owner = await openTestPool(database.ownerUrl);

const linkIds = Array.from({ length: 400 }, (_, at) => at + 1);
const sent = new Set<string>();

/** A batch with a click on each link, from the first to the last or the other way round. */
function batchOf(bootId: string, sequence: number): ClickBatch {
  const order = sequence % 2 === 0 ? linkIds : linkIds.toReversed();
  const payload = order.reduce((text, linkId) => {
    const requestId = `${bootId}-${sequence}-${linkId}`;
    sent.add(requestId);
    return appendClick(text, {
      ...{ clickedAt: Date.now() - sequence * 20_000, linkId, requestId, address: '203.0.113.7' },
      ...{ isPrefetch: false, userAgent: '', referrer: '', country: 'DE' },
    });
  }, '');
  return { bootId, sequence, payload };
}

/** Hands out these batches, a few at a time, until all are forgotten. */
function sourceOf(batches: readonly ClickBatch[]) {
  const all = Promise.withResolvers<void>();
  let at = 0;
  const source: ClickSource = {
    pollMs: 5,
    async read() {
      if (at >= batches.length) return null;
      return {
        batches: batches.slice(at, at + 3),
        nextInMs: 0,
        async forget() {
          at += 3;
          if (at >= batches.length) all.resolve();
        },
      };
    },
  };
  return { source, isEmpty: all.promise };
}

test('two processes that count the same links, and in part the same batches, at once lose and double nothing, and neither fails', {
  timeout: 60_000,
}, async () => {
  const boots = [randomUUID(), randomUUID(), randomUUID()] as const;
  const [first, second, both] = boots.map((bootId) =>
    Array.from({ length: 24 }, (_, at) => batchOf(bootId, at + 1)),
  ) as [ClickBatch[], ClickBatch[], ClickBatch[]];
  const errors: unknown[] = [];
  const shares = [[...first, ...both], [...both, ...second].toReversed()];
  const finished = shares.map(async (batches) => {
    const pool = await openTestPool(database.urlFor('redirectJobs'));
    const { source, isEmpty } = sourceOf(batches);
    const ingestion = startClickIngestion({
      sources: { source },
      countBatches: createBatchCounter({ pool, clickRetentionDays: 90 }),
      buryBatch: async (_batch, reason) => void errors.push(reason),
      onCounted() {},
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => ingestion.close());
    await isEmpty;
  });
  await Promise.all(finished);

  expect(await auditClicks(owner, linkIds, [{ sent, acknowledged: sent }])).toEqual(flawless);
  expect(errors).toEqual([]);
});
