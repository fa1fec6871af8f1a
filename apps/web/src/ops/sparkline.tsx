import styles from './sparkline.module.css';

const width = 100;
const height = 32;
/** As many points as fill it, so that a new line grows instead of being stretched. */
const points = 45;

/** A small line of how a figure went, from its greatest value to zero. Says nothing to those who can't see it: the figure does. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const most = Math.max(...values, 1e-9);
  const line = values
    .map((value, index) => {
      const x = width - ((values.length - 1 - index) * width) / (points - 1);
      return `${x.toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`;
    })
    .join(' ');
  const start = width - ((values.length - 1) * width) / (points - 1);
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon className={styles.area} points={`${start},${height} ${line} ${width},${height}`} />
      <polyline className={styles.line} points={line} />
    </svg>
  );
}
