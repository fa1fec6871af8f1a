import { Skeleton } from '../parts/skeleton.tsx';
import styles from './link-row.module.css';

/** Rows that are being loaded, as high as rows are. */
export function LinkRowSkeletons({ count }: { count: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={index} className={styles.row}>
          <div className={styles.main}>
            <Skeleton width={`${9 + (index % 3) * 2}rem`} height="1.5rem" />
            <Skeleton width={`${60 + (index % 4) * 8}%`} height="1.3rem" />
          </div>
          <Skeleton width="5rem" />
          <Skeleton width="5rem" />
          <Skeleton width="5rem" height="2.5rem" />
        </div>
      ))}
    </div>
  );
}
