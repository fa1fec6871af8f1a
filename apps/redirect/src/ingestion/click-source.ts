import type { ClickBatch } from '../clicks/click-batch.ts';

/** Batches that came in one reading, and how to forget them once they are counted. */
interface Reading {
  batches: ClickBatch[];
  /** How long to wait before the next reading; 0 when more is waiting already. */
  nextInMs: number;
  /** Removes them for good. Called after the commit only; if it fails they are read, and passed over, again. */
  forget(): Promise<void>;
}

/** Where batches wait: the stream or the spool. */
export interface ClickSource {
  /** How long to wait before asking again when nothing was waiting. */
  readonly pollMs: number;
  /** The oldest batches, or null when there are none. Rejects when the source is away. */
  read(): Promise<Reading | null>;
}
