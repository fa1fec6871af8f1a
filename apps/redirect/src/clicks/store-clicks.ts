import type { ClickBatch } from './click-batch.ts';
import type { ClickStream } from './click-stream.ts';
import type { SpoolWriter } from './spool-writer.ts';

/**
 * Where a batch goes: to the stream, or to the spool when the stream is away, slow or full. A batch that
 * timed out may be in both. Rejects only when the disk takes it neither.
 */
export function storeClicks(
  stream: ClickStream,
  spool: SpoolWriter,
): (batch: ClickBatch) => Promise<void> {
  return async (batch) => {
    if (stream.isOpen) {
      try {
        return await stream.append(batch);
      } catch {
        // Counted by the breaker, which says it on /readyz; the click is safe on the disk.
      }
    }
    await spool.append(batch);
  };
}
