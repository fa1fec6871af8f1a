import { inChunks } from './in-chunks.ts';

/** What months of links add up to by the end of each day. */
export interface LinkMonthStore {
  /**
   * Of the next `limit` links after that id those with at least `minClicks`, and the last one looked at: null where there are no more.
   */
  busyLinks(page: {
    after: number;
    minClicks: number;
    limit: number;
  }): Promise<{ last: number | null; linkIds: number[] }>;
  /**
   * Adds up the months of these links by the end of as many as `limit` of their days that lie before a day (`2026-11-26`), by whose end
   * the month has at least `minClicks`, and that have not been added up or not with all their clicks; resolves with how many.
   */
  addUp(days: {
    linkIds: readonly number[];
    before: string;
    minClicks: number;
    limit: number;
  }): Promise<number>;
}

/** Fewer clicks have some thousand values at most, which are read in milliseconds. */
const minClicks = 1_000;
const linksPerPage = 10_000;
const linksAtOnce = 20;
/** A statement of about a tenth of a second where nothing of a month has been added up yet. */
const daysAtOnce = 20;

/**
 * Adds up the months (UTC) of all busy links by the end of each day before today, so that the statistics of a year need not read every
 * day's values. They are added up again when clicks have come late. Resolves with how many days it did when all are done or the signal aborts;
 * may run twice at once. Cost: a millisecond or two per busy link for a new day.
 */
export async function addUpMonths(
  store: LinkMonthStore,
  { now, signal }: { now: () => Date; signal: AbortSignal },
): Promise<number> {
  const before = now().toISOString().slice(0, 10);
  let made = 0;
  let after = 0;
  while (!signal.aborted) {
    const { last, linkIds } = await store.busyLinks({ after, minClicks, limit: linksPerPage });
    if (last === null) break;
    for (let at = 0; at < linkIds.length; at += linksAtOnce) {
      const some = linkIds.slice(at, at + linksAtOnce);
      made += await inChunks(
        (limit) => store.addUp({ linkIds: some, before, minClicks, limit }),
        signal,
        daysAtOnce,
      );
    }
    after = last;
  }
  return made;
}
