import { orThrow } from '@shortstack/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import type { Interval, Range } from './chart-range.ts';

export interface StatsAsked {
  interval: Interval;
  /** Its name, which stays the same while the range moves with the time. */
  rangeName: string;
  /** Asked for at each reading. */
  rangeNow: () => Range;
}

/** Statistics in this browser's time zone. Read anew each half minute while the page is looked at. */
export function useLinkStats(slug: string, { interval, rangeName, rangeNow }: StatsAsked) {
  const api = useApi();
  return useQuery({
    queryKey: ['link', slug, 'stats', rangeName, interval],
    queryFn({ signal }) {
      const { fromMs, toMs } = rangeNow();
      const query = {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        interval,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
      return orThrow(
        api.GET('/api/links/{slug}/stats', { params: { path: { slug }, query }, signal }),
      );
    },
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}
