import { inChunks } from './in-chunks.ts';

/** What past months of links add up to. */
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
   * Adds up as many as `limit` months of these links that have at least `minClicks`, lie before a day (`2026-11-01`) and have not been added up or not with
   * all their clicks; resolves with how many.
   */
  addUp(months: {
    linkIds: readonly number[];
    before: string;
    minClicks: number;
    limit: number;
  }): Promise<number>;
}

/** Of fewer clicks not even a year has more than some thousand values by day, which are read in milliseconds. */
const minClicks = 1_000;
const linksPerPage = 10_000;
const linksAtOnce = 100;
/** A statement of about a tenth of a second: 30 days of some hundred values each. */
const monthsAtOnce = 20;

/**
 * Adds up the past months (UTC) of all busy links, so that the statistics of a year need not read every day's values. A month is
 * added up again when clicks have come late. Resolves with how many it did when all are done or the signal aborts; may run twice at once.
 */
export async function addUpMonths(
  store: LinkMonthStore,
  { now, signal }: { now: () => Date; signal: AbortSignal },
): Promise<number> {
  const before = `${now().toISOString().slice(0, 7)}-01`;
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
        monthsAtOnce,
      );
    }
    after = last;
  }
  return made;
}
