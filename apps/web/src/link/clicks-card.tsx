import { lazy, Suspense } from 'react';
import type { LinkStats } from '../api/types.ts';
import { Card } from '../parts/card.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import type { Interval } from './chart-range.ts';
import styles from './clicks-card.module.css';
import { RangePicker, type RangePickerProps } from './range-picker.tsx';
import { SeriesTable } from './series-table.tsx';
import { Totals } from './totals.tsx';

const ClicksChart = lazy(() => import('./clicks-chart.tsx'));

export interface ClicksCardProps extends RangePickerProps {
  stats: LinkStats | undefined;
  interval: Interval;
}

/** Sums and course of the clicks in a range. */
export function ClicksCard({ stats, ...picker }: ClicksCardProps) {
  const { interval } = picker;
  return (
    <Card>
      <h2 className="visually-hidden">Clicks</h2>
      <div className={styles.parts}>
        <RangePicker {...picker} />
        <Totals stats={stats} />
        <div>
          {stats ? (
            <Suspense fallback={<Skeleton height="260px" />}>
              <ClicksChart series={stats.series} interval={interval} />
            </Suspense>
          ) : (
            <Skeleton height="260px" />
          )}
          <SeriesTable series={stats?.series ?? []} interval={interval} />
        </div>
      </div>
    </Card>
  );
}
