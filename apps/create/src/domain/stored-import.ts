import type { ImportContent } from './receive-import.ts';

/** An import as far as it has come. */
export interface StoredImport {
  id: string;
  rows: number | null;
  imported: number;
  rejected: number;
  createdAt: Date;
  finishedAt: Date | null;
}

/** A chunk whose rows are not done yet, and whose they are. */
export interface OpenChunk {
  accountId: string;
  content: ImportContent;
}
