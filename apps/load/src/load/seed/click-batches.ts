/** Clicks that are written together: of links one after the other, or a part of one link's. */
export interface ClickBatch {
  /** The first link's index. */
  first: number;
  /** How many clicks each link gets in all. */
  counts: number[];
  /** Of each link's clicks, numbered from 0: these alone, up to but not `to`. */
  from: number;
  to: number;
  /** How many clicks that are. */
  clicks: number;
}

const clicksPerBatch = 100_000;
const linksPerBatch = 50_000;

/**
 * Cuts clicks into batches of about as many. A link with more is cut between days, since its clicks are numbered in the order of its days,
 * evenly: so each batch has whole days of its links.
 */
export function* clickBatches(counts: Iterable<number>, days: number): Generator<ClickBatch> {
  let batch = emptyBatch(0);
  for (const count of counts) {
    const isLarge = count > clicksPerBatch;
    if (isLarge || batch.clicks >= clicksPerBatch || batch.counts.length === linksPerBatch) {
      if (batch.clicks > 0) yield batch;
      batch = emptyBatch(batch.first + batch.counts.length);
    }
    if (isLarge) {
      yield* partsOf(batch.first, count, days);
      batch = emptyBatch(batch.first + 1);
    } else {
      batch.counts.push(count);
      batch.clicks += count;
    }
  }
  if (batch.clicks > 0) yield batch;
}

function emptyBatch(first: number): ClickBatch {
  return { first, counts: [], from: 0, to: Number.MAX_SAFE_INTEGER, clicks: 0 };
}

function* partsOf(first: number, count: number, days: number): Generator<ClickBatch> {
  let from = 0;
  for (let day = 1; day <= days; day += 1) {
    const to = Math.ceil((day * count) / days);
    if (to - from < clicksPerBatch && day < days) continue;
    yield { first, counts: [count], from, to, clicks: to - from };
    from = to;
  }
}
