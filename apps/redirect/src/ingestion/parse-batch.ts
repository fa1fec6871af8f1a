import type { ClickBatch } from '../clicks/click-batch.ts';
import { type ParsedClick, parseClicks } from './parse-clicks.ts';

/** A batch that no retry will make countable. */
export class BadBatchError extends Error {
  readonly batch: ClickBatch;

  constructor(batch: ClickBatch, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'BadBatchError';
    this.batch = batch;
  }
}

export interface ParsedBatch {
  batch: ClickBatch;
  clicks: ParsedClick[];
}

const bootIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws BadBatchError on anything that no redirect process writes. */
export function parseBatch(batch: ClickBatch): ParsedBatch {
  try {
    if (!bootIdPattern.test(batch.bootId)) throw new RangeError('not a boot id');
    if (!Number.isSafeInteger(batch.sequence) || batch.sequence < 1) {
      throw new RangeError('not a sequence number');
    }
    return { batch, clicks: parseClicks(batch.payload) };
  } catch (error) {
    throw new BadBatchError(batch, error);
  }
}
