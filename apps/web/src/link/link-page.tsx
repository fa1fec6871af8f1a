import { ApiError, orThrow } from '@shortstack/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link2Off } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link as RouteLink } from 'wouter';
import { useApi } from '../api/api-context.ts';
import { Failure } from '../api/failure.tsx';
import { useHiddenSlugs } from '../links/pending-deletions.ts';
import { useLinkDialogs } from '../links/use-link-dialogs.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { formatAddress } from '../parts/format.ts';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { Breakdown } from './breakdown.tsx';
import {
  type Interval,
  intervalOf,
  intervalsOf,
  rangeOfDays,
  rangeOfPreset,
} from './chart-range.ts';
import { ClicksCard } from './clicks-card.tsx';
import styles from './link-page.module.css';
import { LinkSummary } from './link-summary.tsx';
import { LiveCard } from './live-card.tsx';
import { capitalised, placeName } from './names.ts';
import type { ChosenRange } from './range-picker.tsx';
import { useLinkStats } from './use-link-stats.ts';

/** One link: where it leads, and who follows it. */
export default function LinkPage({ slug }: { slug: string }) {
  const api = useApi();
  const isHidden = useHiddenSlugs().has(slug);
  const { dialogs, dialog } = useLinkDialogs();
  const {
    data: link,
    error,
    refetch,
  } = useQuery({
    queryKey: ['link', slug],
    queryFn: ({ signal }) =>
      orThrow(api.GET('/api/links/{slug}', { params: { path: { slug } }, signal })),
  });
  const isMissing = isHidden || (error instanceof ApiError && error.status === 404);
  if (isMissing || (error instanceof ApiError && error.status === 400)) {
    return (
      <Page title={`/${slug}`}>
        <EmptyState icon={Link2Off} title="You have no such link">
          <p>
            It may have been deleted. <RouteLink href="/links">See your links</RouteLink>
          </p>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={link ? formatAddress(link.shortUrl) : `/${slug}`}>
      {link ? (
        <LinkSummary link={link} dialogs={dialogs} />
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height="9rem" />
      )}
      <Statistics slug={slug} />
      {dialog}
    </Page>
  );
}

const today = () => new Date().toLocaleDateString('sv'); // YYYY-MM-DD

function Statistics({ slug }: { slug: string }) {
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Interval | null>(null);
  const [chosen, setChosen] = useState<ChosenRange>(() => ({
    preset: '7d',
    first: today(),
    last: today(),
  }));
  const rangeNow = () =>
    (chosen.preset === 'custom' ? rangeOfDays(chosen.first, chosen.last) : null) ??
    rangeOfPreset(chosen.preset === 'custom' ? '7d' : chosen.preset, Date.now());
  const range = rangeNow();
  const interval = intervalOf(range, wanted);
  const {
    data: stats,
    error,
    refetch,
  } = useLinkStats(slug, {
    interval,
    rangeName: chosen.preset === 'custom' ? `${chosen.first} to ${chosen.last}` : chosen.preset,
    rangeNow,
  });
  const refresh = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The figures lag by up to five seconds; until then the list alone shows the click.
  const onClicks = useCallback(() => {
    refresh.current ??= setTimeout(() => {
      refresh.current = undefined;
      void queries.invalidateQueries({ queryKey: ['link', slug, 'stats'] });
    }, 5_000);
  }, [queries, slug]);
  useEffect(() => () => clearTimeout(refresh.current), []);

  return (
    <>
      {error && !stats ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <ClicksCard
          stats={stats}
          chosen={chosen}
          onChoose={setChosen}
          intervals={intervalsOf(range)}
          interval={interval}
          onInterval={setWanted}
        />
      )}
      <div className={styles.cards}>
        <LiveCard slug={slug} onClicks={onClicks} />
        <Breakdown title="Referrers" entries={stats?.top.referrer ?? []} />
        <Breakdown title="Countries" entries={stats?.top.country ?? []} nameOf={placeName} />
        <Breakdown title="Browsers" entries={stats?.top.browser ?? []} />
        <Breakdown title="Systems" entries={stats?.top.os ?? []} />
        <Breakdown title="Devices" entries={stats?.top.device ?? []} nameOf={capitalised} />
      </div>
    </>
  );
}
