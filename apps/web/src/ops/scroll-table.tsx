import type { ReactNode } from 'react';
import styles from './table.module.css';

export interface ScrollTableProps {
  /** Its accessible name. */
  label: string;
  /** Row of the heads, and rows. */
  head: ReactNode;
  children: ReactNode;
}

/** A table that scrolls sideways where it is too wide, by keyboard too. */
export function ScrollTable({ label, head, children }: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus a keyboard can't scroll it
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
