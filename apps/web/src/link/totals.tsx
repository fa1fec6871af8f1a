import type { LinkStats } from '../api/types.ts';
import { formatNumber } from '../parts/format.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import styles from './totals.module.css';

const figures = [
  { key: 'clicks', label: 'Clicks', hint: 'by people' },
  { key: 'uniques', label: 'Visitors', hint: 'different ones, day by day' },
  { key: 'bots', label: 'Bots', hint: 'not among the clicks' },
] as const;

/** The sums of the range. */
export function Totals({ stats }: { stats: LinkStats | undefined }) {
  return (
    <dl className={styles.totals} aria-busy={!stats}>
      {figures.map(({ key, label, hint }) => (
        <div key={key} className={styles.figure}>
          <dt>{label}</dt>
          <dd className={styles.number}>
            {stats ? formatNumber(stats[key]) : <Skeleton width="4rem" />}
          </dd>
          <dd className={styles.hint}>{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
