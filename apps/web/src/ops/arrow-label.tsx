import { CircleAlert, CircleX } from 'lucide-react';
import styles from './arrow-label.module.css';
import { perSecond } from './format-figure.ts';
import type { Arrow } from './system-model.ts';

/** What flows along an arrow, and the state of its breaker. */
export function ArrowLabel({ from, arrow }: { from: string; arrow: Arrow }) {
  const { to, rate, state, text, note } = arrow;
  return (
    <p className={`${styles.label} ${styles[state]}`}>
      <span className="visually-hidden">{`${from} to ${to}: `}</span>
      <strong>
        {rate === null ? (note ?? (state === 'down' ? 'down' : 'up')) : perSecond(rate)}
      </strong>
      <span className={styles.state}>
        {state === 'down' && <CircleX size={12} aria-hidden />}
        {state === 'ailing' && <CircleAlert size={12} aria-hidden />}
        {state === 'well' && rate !== null && note !== null ? note : text}
      </span>
    </p>
  );
}
