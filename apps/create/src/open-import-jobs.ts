import { createProducer, createQueueWorker, type Producer } from '@shortstack/queue';
import type { ProcessLife } from '@shortstack/server';
import type { Logger } from '@shortstack/telemetry';
import type { JobsConfig } from './config.ts';
import { createCodeBlockMaker, leaseCodeBlock } from './data/code-blocks.ts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import {
  deleteOldImports,
  findOpenChunk,
  finishImport,
  listOpenChunks,
  listUnfinishedImports,
} from './data/import-chunks.ts';
import type { OutboxBell } from './data/outbox.ts';
import { createCodeSupply } from './domain/code-supply.ts';
import { validationFailed } from './domain/validation-failed.ts';
import { giveUpChunk, importPorts } from './import-ports.ts';
import { createFinishImport } from './jobs/finish-import.ts';
import { createImportChunk } from './jobs/import-chunk.ts';
import { type ImportJobs, importQueue, importSchedules } from './jobs/import-queue.ts';
import { createTakeUpImports } from './jobs/take-up-imports.ts';
import { linkCreationPorts } from './link-creation.ts';

/** Opens the queue of imports and works on it. */
export function openImportJobs(options: {
  config: JobsConfig;
  database: GuardedDatabase;
  bell: OutboxBell;
  logger: Logger;
  life: ProcessLife;
}): Producer<ImportJobs> {
  const { config, database, bell, logger, life } = options;
  const queue = { url: config.REDIS_JOBS_URL, service: 'create', queue: importQueue };
  // The jobs of a large import are one transaction.
  const producer = createProducer({ ...queue, timeoutMs: 5_000 });
  life.onClose('import producer', () => producer.close());
  const codes = createCodeSupply({
    leaseBlock: () => leaseCodeBlock(database),
    makeBlock: createCodeBlockMaker(database),
    // A large import needs more than the pool has: what is missing is made here.
    onPoolLow: () => {},
  });
  const ports = linkCreationPorts(database, codes, async () => bell.ring());
  const openChunks = (importId: string) => listOpenChunks(database, importId);
  const takeUp = createTakeUpImports({
    producer,
    listUnfinished: () => listUnfinishedImports(database),
    listOpenChunks: openChunks,
    deleteOld: () => deleteOldImports(database),
  });

  const worker = createQueueWorker({
    ...queue,
    schedules: importSchedules,
    // One is prepared here while PostgreSQL stores two. Links of one account go into one index: more would only wait for each other.
    concurrency: 3,
    // A chunk is one transaction, and those end within 5 s.
    drainTimeoutMs: 6_000,
    handlers: {
      'take-up-imports': () =>
        takeUp().catch((err: unknown) => logger.warn({ err }, 'imports wait; trying again')),
      'import-chunk': createImportChunk({
        findOpenChunk: (importId, number) => findOpenChunk(database, importId, number),
        portsFor: (importId, number, chunk) =>
          importPorts(database, ports, { ...chunk, importId, number }),
        ruleContext: () => ({
          shortOrigin: config.SHORT_ORIGIN,
          now: new Date(),
          async hashPassword() {
            throw validationFailed([{ path: '/password', message: 'is not allowed in an import' }]);
          },
        }),
      }),
      'finish-import': createFinishImport({
        listOpenChunks: openChunks,
        async giveUpChunk(importId, number) {
          const chunk = await findOpenChunk(database, importId, number);
          if (chunk) await giveUpChunk(database, { ...chunk, importId, number });
        },
        finish: (importId) => finishImport(database, importId),
      }),
    },
    onError: (err, job) =>
      logger.warn({ err, job }, job ? 'an import’s job failed' : 'the import queue is interrupted'),
  });
  life.onClose('import worker', () => worker.close());
  return producer;
}
