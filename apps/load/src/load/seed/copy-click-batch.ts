import type { Client } from 'pg';
import { randomFrom } from '../../generate/random.ts';
import { copyInto } from './copy-into.ts';
import { inventClicks } from './invent-clicks.ts';
import { firstSeededId } from './seeded-links.ts';

const progressStep = 10_000;

/** Links one after the other, from link `first` on, with how many clicks each gets. */
export interface ClickBatch {
  first: number;
  counts: number[];
}

/** Writes a batch of invented clicks and their roll-ups, in the transaction of the caller. Only the roll-ups are held in memory. */
export async function copyClickBatch(
  client: Client,
  { first, counts }: ClickBatch,
  days: readonly string[],
  onClicks: (count: number) => void,
): Promise<void> {
  const random = randomFrom(first + 1);
  const rollUps = {
    quarters: [] as string[],
    days: [] as string[],
    dimensions: [] as string[],
    totals: [] as string[],
  };
  let written = 0;
  function* clickLines(): Generator<string> {
    for (const [at, count] of counts.entries()) {
      if (count === 0) continue;
      const invented = inventClicks(firstSeededId + first + at, count, days, random);
      for (const line of invented.lines) {
        yield line;
        written += 1;
        if (written % progressStep === 0) onClicks(progressStep);
      }
      const lines = invented.rollUps();
      for (const name of ['quarters', 'days', 'dimensions', 'totals'] as const)
        rollUps[name].push(lines[name]);
    }
  }
  await copyInto(
    client,
    'clicks (clicked_at, link_id, request_id, visitor, is_bot, referrer, country, browser, os, device)',
    clickLines(),
  );
  onClicks(written % progressStep);
  await copyInto(client, 'link_quarters (link_id, quarter_at, clicks, bots)', rollUps.quarters);
  await copyInto(client, 'link_days (link_id, day, clicks, bots, uniques)', rollUps.days);
  await copyInto(
    client,
    'link_dimensions (link_id, day, dimension, value, clicks)',
    rollUps.dimensions,
  );
  await copyInto(client, 'link_totals (link_id, clicks, bots, last_clicked_at)', rollUps.totals);
}
