import type { StreamEvent, WrittenEvent } from './stream-event.ts';

/** The right to publish, held by one process at a time. */
export interface Lease {
  /** Aborts when the right is lost, for example with the database session that held it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What the relay needs from the table of events. Rows are kept, published or not, until the relay deletes them. */
export interface Outbox {
  /** Becomes the one publisher, or resolves with null at once when another process is. For example a session-level advisory lock. */
  acquireLeadership(): Promise<Lease | null>;
  /** The unpublished rows with the lowest ids, in their order. Without a cursor: a lower id may be committed later. */
  readUnpublished(limit: number): Promise<(StreamEvent | WrittenEvent)[]>;
  /** Stores that these rows were published, and when, to the millisecond. */
  markPublished(ids: readonly string[], publishedAt: Date): Promise<void>;
  /** The latest `publishedAt` of all rows, null without any. */
  lastPublishedAt(): Promise<Date | null>;
  /** Makes all published rows unpublished again; resolves with how many. */
  unpublishAll(): Promise<number>;
  /** Deletes the rows published before that time; resolves with how many. */
  deletePublishedBefore(time: Date): Promise<number>;
}
