import styles from './skeleton.module.css';

export interface SkeletonProps {
  /** CSS lengths: the size that what is coming will have. */
  width?: string;
  height?: string;
}

/** Holds the place of what is being loaded. Nothing is read out: say `aria-busy` on what surrounds it. */
export function Skeleton({ width = '100%', height = '1em' }: SkeletonProps) {
  return <span aria-hidden className={styles.skeleton} style={{ width, height }} />;
}
