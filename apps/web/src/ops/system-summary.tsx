import { duration } from './format-figure.ts';
import { StateMark } from './state-mark.tsx';
import type { SystemModel } from './system-model.ts';
import styles from './system-summary.module.css';
import { useNow } from './use-now.ts';

export interface SystemSummaryProps {
  summary: SystemModel['summary'];
  isRegistryAway: boolean;
  /** When worker was heard last, if it is away. */
  awaySince: number | null;
}

/** How the system is, in a line that is read out when it changes. */
export function SystemSummary({ summary, isRegistryAway, awaySince }: SystemSummaryProps) {
  const now = useNow();
  if (awaySince !== null) {
    return (
      <div className={styles.summary}>
        <span role="status">
          <StateMark state="down" text="Worker does not answer" />
        </span>
        {/* Outside of what is read out, since it changes each second. */}
        <span className={styles.since}>last seen {duration(now - awaySince)} ago</span>
      </div>
    );
  }
  return (
    <div className={styles.summary}>
      <span role="status">
        <StateMark {...summary} />
      </span>
      {isRegistryAway && (
        <span className={styles.since}>the registry is away: processes as known last</span>
      )}
    </div>
  );
}
