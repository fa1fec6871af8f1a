import { Card } from '../parts/card.tsx';
import { formatNumber } from '../parts/format.ts';
import styles from './breakdown.module.css';

export interface BreakdownProps {
  title: string;
  entries: readonly { value: string; clicks: number }[];
  /** How a value is shown. Default: as it is. */
  nameOf?: (value: string) => string;
}

/** The values that were counted most, each with its share of those shown. */
export function Breakdown({ title, entries, nameOf = (value) => value }: BreakdownProps) {
  const total = entries.reduce((sum, { clicks }) => sum + clicks, 0);
  return (
    <Card title={title}>
      {entries.length === 0 ? (
        <p className={styles.none}>Nothing known yet</p>
      ) : (
        <ol className={styles.list}>
          {entries.map(({ value, clicks }) => {
            const percent = Math.round((clicks / total) * 100);
            return (
              <li key={value} className={styles.entry}>
                <span className={styles.bar} style={{ width: `${percent}%` }} aria-hidden />
                <span className={styles.name} title={nameOf(value)}>
                  {nameOf(value)}
                </span>
                <span className={styles.clicks}>
                  {formatNumber(clicks)}
                  <span className="visually-hidden"> clicks,</span>
                </span>
                <span className={styles.percent}>{percent} %</span>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
