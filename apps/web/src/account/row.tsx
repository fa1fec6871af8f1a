import type { ReactNode } from 'react';
import styles from './rows.module.css';

export interface RowProps {
  name: ReactNode;
  facts: ReactNode;
  /** What can be done with it. */
  children?: ReactNode;
}

/** One thing of a list: its name, what there is to know, and a button. */
export function Row({ name, facts, children }: RowProps) {
  return (
    <li>
      <div className={styles.row}>
        <div className={styles.text}>
          <div className={styles.name}>{name}</div>
          <div className={styles.facts}>{facts}</div>
        </div>
        {children}
      </div>
    </li>
  );
}
