import type { Tracing } from '@shortstack/telemetry';
import type { ClickBatch } from './click-batch.ts';
import type { TracedBatch } from './click-batcher.ts';

/** Where a batch holds clicks of traced requests, writing it is a trace of its own with links to them, and the batch carries that on. */
export function traceBatches(
  { inSpan }: Tracing,
  store: (batch: ClickBatch) => Promise<void>,
): (batch: TracedBatch) => Promise<void> {
  return (batch) => {
    const { bootId, sequence, payload, requests } = batch;
    if (requests === undefined) return store(batch);
    return inSpan(
      { name: 'write click batch', kind: 'producer', parent: null, links: requests },
      (span) => store({ bootId, sequence, payload, traceparent: span?.traceparent }),
    );
  };
}
