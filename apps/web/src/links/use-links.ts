import { orThrow } from '@shortstack/client';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import type { ListLinksQuery } from '../api/types.ts';
import { useHiddenSlugs } from './pending-deletions.ts';

export type LinkFilter = Pick<ListLinksQuery, 'q' | 'tag' | 'sort'>;

/**
 * The links that a filter lets through, page by page as they are asked for. A filter that is overtaken by the next one is no longer
 * waited for; until the new one has answered the old links stay. Links whose deletion can still be undone are left out.
 */
export function useLinks(filter: LinkFilter) {
  const api = useApi();
  const hidden = useHiddenSlugs();
  const query = useInfiniteQuery({
    queryKey: ['links', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      orThrow(
        api.GET('/api/links', {
          params: {
            query: { ...filter, limit: 100, ...(pageParam !== null && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    // All pages are read again, one after the other: not of a list that somebody has scrolled far down.
    staleTime: ({ state }) =>
      (state.data?.pages.length ?? 0) > 3 ? Number.POSITIVE_INFINITY : 10_000,
    // Comparing each of a hundred thousand links with what it was costs more than drawing the twenty in sight.
    structuralSharing: false,
  });
  const links = useMemo(() => {
    const all = query.data?.pages.flatMap(({ items }) => items) ?? [];
    return hidden.size === 0 ? all : all.filter(({ slug }) => !hidden.has(slug));
  }, [query.data, hidden]);
  return { ...query, links };
}
