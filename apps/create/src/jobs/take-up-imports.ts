import type { Producer } from '@shortstack/queue';
import type { ImportJobs } from './import-queue.ts';

export interface TakeUpImportsOptions {
  producer: Pick<Producer<ImportJobs>, 'addFlow' | 'knows'>;
  listUnfinished: () => Promise<string[]>;
  listOpenChunks: (importId: string) => Promise<number[]>;
  deleteOld: () => Promise<void>;
}

/**
 * Makes the jobs of imports that have arrived, and of those whose jobs were lost: a parent that ends the import, and a child per
 * chunk that is not done. Ids make it repeatable. Rejects in an outage; the next run does the same work.
 */
export function createTakeUpImports(options: TakeUpImportsOptions): () => Promise<void> {
  const { producer, listUnfinished, listOpenChunks, deleteOld } = options;
  return async () => {
    for (const importId of await listUnfinished()) {
      const jobId = `import-${importId}`;
      if (await producer.knows(jobId)) continue;
      const chunks = await listOpenChunks(importId);
      await producer.addFlow(
        { job: 'finish-import', data: { importId }, jobId },
        chunks.map((number) => ({
          job: 'import-chunk',
          data: { importId, number },
          jobId: `${jobId}-${number}`,
        })),
      );
    }
    await deleteOld();
  };
}
