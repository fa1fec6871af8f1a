import { type ReactNode, useId } from 'react';
import styles from './card.module.css';

export interface CardProps {
  /** Its h2, which also names its region. */
  title?: string;
  /** At the end of the heading's line. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A framed part of a page. */
export function Card({ title, aside, children }: CardProps) {
  const id = useId();
  if (title === undefined) return <div className={styles.card}>{children}</div>;
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div className={styles.header}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
