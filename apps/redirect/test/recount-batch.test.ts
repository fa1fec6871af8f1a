import { randomUUID } from 'node:crypto';
import { createProducer, createQueueWorker, permanent } from '@shortstack/queue';
import { createLogger } from '@shortstack/telemetry';
import { createTestDatabase, openTestPool, startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { appendClick } from '../src/clicks/click-batch.ts';
import { createBatchCounter } from '../src/ingestion/count-batches.ts';
import { createBuryBatch } from '../src/jobs/bury-batch.ts';
import { createRecountBatch } from '../src/jobs/recount-batch.ts';
import { workQueue } from '../src/jobs/work-queue.ts';
import { redisConfigFile } from './redis-config-file.ts';

const database = await createTestDatabase();
const pool = await openTestPool(database.urlFor('redirectJobs'));

test('a batch among the dead letters names no visitor, and replayed it counts once, each of its visitors too', {
  timeout: 30_000,
}, async () => {
  const { url } = await startTestRedis({ configFile: redisConfigFile('jobs-redirect') });
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  let isMended = false;
  const queue = { url, service: 'redirect', queue: workQueue };
  const producer = createProducer(queue);
  onTestFinished(() => producer.close());
  const worker = createQueueWorker({
    ...queue,
    handlers: {
      'warm-up': async () => {},
      'recount-batch': createRecountBatch(async (batches) => {
        if (!isMended) throw permanent('PostgreSQL refuses it');
        await countBatches(batches);
      }),
    },
  });
  onTestFinished(() => worker.close());
  await producer.ready();

  const addresses = ['203.0.113.7', '203.0.113.7', '2001:db8::7'];
  const payload = addresses.reduce(
    (text, address, at) =>
      appendClick(text, {
        ...{ clickedAt: Date.now(), linkId: 1, requestId: `r-${at}`, address, isPrefetch: false },
        ...{ userAgent: 'Mozilla/5.0 Firefox/130.0', referrer: '', country: '' },
      }),
    '',
  );
  const batch = { bootId: randomUUID(), sequence: 1, payload };
  const bury = createBuryBatch(
    producer,
    createLogger({ service: 'test', instanceId: 'test', level: 'silent' }),
  );
  await bury(batch, 'refused');
  const letters = await until(async () => {
    const found = await producer.deadLetters();
    return found.length > 0 && found;
  });
  expect(letters).toHaveLength(1);
  expect(JSON.stringify(letters)).toContain(batch.bootId);
  expect(JSON.stringify(letters)).not.toMatch(/203\.0\.113|2001:db8/);

  isMended = true;
  expect(await producer.replayDeadLetters()).toBe(1);
  const counted = () =>
    pool.query('SELECT clicks, bots, uniques FROM link_days WHERE link_id = 1').then((r) => r.rows);
  await until(async () => (await counted()).length > 0);
  // It comes once more: buried again, and by the stream with the addresses.
  await bury(batch, 'refused');
  await countBatches([batch]);
  await until(async () => {
    const { waiting, active, delayed } = await producer.stats();
    return waiting + active + delayed === 0;
  });
  expect(await counted()).toEqual([{ clicks: 3, bots: 0, uniques: 2 }]);
  expect(await producer.deadLetters()).toEqual([]);
});
