import styles from './brand.module.css';

/** The mark, three stacked bars, and the name. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <svg width="24" height="24" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        <rect x="2" y="3" width="20" height="5" rx="2.5" />
        <rect x="2" y="9.5" width="14" height="5" rx="2.5" />
        <rect x="2" y="16" width="8" height="5" rx="2.5" />
      </svg>
      <span className={styles.name}>Shortstack</span>
    </span>
  );
}
