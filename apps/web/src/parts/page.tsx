import { type ReactNode, useEffect, useRef } from 'react';
import styles from './page.module.css';

export interface PageProps {
  /** Heading of the page and title of the tab. */
  title: string;
  /** Shown in its place, where the heading is more than its words. */
  heading?: ReactNode;
  /** Beside the heading. */
  actions?: ReactNode;
  /** Takes the focus when the page opens, so that it is read out. Default true; false where a field of it does. */
  takesFocus?: boolean;
  children: ReactNode;
}

/** The first page of a tab is read out by the browser itself. */
let isFirstPage = true;

/** The frame of a page: its one h1, and its name in the tab. */
export function Page({ title, heading, actions, takesFocus = true, children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Shortstack`;
  }, [title]);
  useEffect(() => {
    if (takesFocus && !isFirstPage) ref.current?.focus();
    isFirstPage = false;
  }, [takesFocus]);
  return (
    <div className={styles.page}>
      <div className={styles.header}>
        <h1 ref={ref} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
