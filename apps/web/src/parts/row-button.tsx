import type { LucideIcon } from 'lucide-react';
import styles from './button.module.css';

export interface RowButtonProps {
  icon: LucideIcon;
  /** Its accessible name. */
  label: string;
  /** Whether a menu opens at it. */
  hasMenu?: boolean;
  onPress: (button: HTMLElement) => void;
}

/** An icon to press in a row of a long list: the browser's own button, which costs a tenth of a Button. */
export function RowButton({ icon: Icon, label, hasMenu = false, onPress }: RowButtonProps) {
  return (
    <button
      type="button"
      className={`${styles.button} ${styles.ghost} ${styles.round}`}
      aria-label={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      onClick={(event) => onPress(event.currentTarget)}
    >
      <Icon size={18} aria-hidden />
    </button>
  );
}
