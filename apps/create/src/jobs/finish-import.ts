import type { ImportJob } from '@shortstack/contracts';

export interface FinishImportOptions {
  listOpenChunks: (importId: string) => Promise<number[]>;
  /** Rejects all rows of a chunk. */
  giveUpChunk: (importId: string, number: number) => Promise<void>;
  finish: (importId: string) => Promise<void>;
}

/** Ends an import when the jobs of all its chunks have ended. The rows of chunks that failed for good are rejected. */
export function createFinishImport({ listOpenChunks, giveUpChunk, finish }: FinishImportOptions) {
  return async ({ importId }: ImportJob): Promise<void> => {
    for (const number of await listOpenChunks(importId)) await giveUpChunk(importId, number);
    await finish(importId);
  };
}
