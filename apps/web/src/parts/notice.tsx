import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';

const icons = { info: Info, warning: TriangleAlert, error: CircleAlert };

export interface NoticeProps {
  kind: keyof typeof icons;
  /** What can be done about it, such as a Button. */
  action?: ReactNode;
  children: ReactNode;
}

/** Something to know, within the page. An error is read out at once. */
export function Notice({ kind, action, children }: NoticeProps) {
  const Icon = icons[kind];
  return (
    <div
      className={`${styles.notice} ${styles[kind]}`}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      <Icon size={20} aria-hidden />
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}
