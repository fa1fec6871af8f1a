import { CircleAlert, CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import styles from './state-mark.module.css';
import type { State } from './system-model.ts';

const icons = { well: CircleCheck, ailing: CircleAlert, down: CircleX, unknown: CircleHelp };

/** A state as an icon, a colour and words. */
export function StateMark({ state, text }: { state: State; text: string }) {
  const Icon = icons[state];
  return (
    <span className={`${styles.mark} ${styles[state]}`}>
      <Icon size={14} aria-hidden />
      <span>{text}</span>
    </span>
  );
}
