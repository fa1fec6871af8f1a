import type { ReactNode } from 'react';
import { Failure } from '../api/failure.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import styles from './rows.module.css';

export interface RowListProps<Item> {
  /** Undefined while they are being loaded. */
  items: readonly Item[] | undefined;
  error: unknown;
  onRetry: () => void;
  /** How many are expected, so that nothing jumps when they come. */
  expected: number;
  /** Said where there are none. */
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list in a card, or what stands in its place. */
export function RowList<Item>(props: RowListProps<Item>) {
  const { items, error, onRetry, expected, empty, children } = props;
  if (items?.length === 0) return <p className={styles.facts}>{empty}</p>;
  if (items) return <ul className={styles.rows}>{items.map(children)}</ul>;
  if (error) return <Failure error={error} onRetry={onRetry} />;
  return (
    <div className={styles.rows} aria-busy="true">
      {Array.from({ length: expected }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={at} className={styles.row}>
          <div className={styles.text}>
            <Skeleton width="11rem" height="1.25rem" />
            <Skeleton width="17rem" height="1rem" />
          </div>
        </div>
      ))}
    </div>
  );
}
