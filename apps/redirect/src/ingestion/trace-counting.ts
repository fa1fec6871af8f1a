import type { Tracing } from '@shortstack/telemetry';
import type { ClickBatch } from '../clicks/click-batch.ts';

/** Counting is a trace of its own with links to the batches whose writing was traced. */
export function traceCounting<Counted>(
  { inSpan }: Tracing,
  countBatches: (batches: readonly ClickBatch[]) => Promise<Counted>,
): typeof countBatches {
  return (batches) => {
    const links = batches.flatMap(({ traceparent }) => traceparent ?? []);
    if (links.length === 0) return countBatches(batches);
    const attributes = { 'messaging.batch.message_count': batches.length };
    return inSpan({ name: 'count clicks', kind: 'consumer', parent: null, links, attributes }, () =>
      countBatches(batches),
    );
  };
}
