import { type ReactNode, Suspense } from 'react';
import styles from './top-bar.module.css';

export interface TopBarProps {
  brand: ReactNode;
  navigation?: ReactNode;
  /** At its end, such as the theme switch. May be lazy: nothing moves when it comes. */
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
          <div className={styles.tools}>
            <Suspense>{tools}</Suspense>
          </div>
        </div>
      </header>
    </>
  );
}
