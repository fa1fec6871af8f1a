import type { ReactNode } from 'react';
import styles from './top-bar.module.css';

export interface TopBarProps {
  brand: ReactNode;
  navigation?: ReactNode;
  /** At its end, such as the theme switch. */
  tools?: ReactNode;
}

/** The header of every page, after a link that skips it. The page's `<main>` has the id `content`. */
export function TopBar({ brand, navigation, tools }: TopBarProps) {
  return (
    <>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      <header className={styles.bar}>
        <div className={styles.inner}>
          {brand}
          {navigation && (
            <nav aria-label="Main" className={styles.navigation}>
              {navigation}
            </nav>
          )}
          <div className={styles.tools}>{tools}</div>
        </div>
      </header>
    </>
  );
}
