import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import styles from './button.module.css';

export interface ButtonProps {
  /** `primary` once on a page; `quiet` (default) beside it; `ghost` in rows and bars; `danger` for what can't be undone. */
  variant?: 'primary' | 'quiet' | 'ghost' | 'danger';
  size?: 'medium' | 'large';
  icon?: LucideIcon;
  /** The accessible name of a button that shows its icon alone. */
  label?: string;
  /** While its work is under way: it can't be pressed again, keeps its focus, and says so. */
  isBusy?: boolean;
  isDisabled?: boolean;
  /** It has the focus when it appears. */
  hasFocus?: boolean;
  type?: 'button' | 'submit';
  onPress?: () => void;
  children?: ReactNode;
}

export function Button({
  variant = 'quiet',
  size = 'medium',
  icon: Icon,
  label,
  isBusy = false,
  isDisabled = false,
  hasFocus = false,
  type = 'button',
  onPress,
  children,
}: ButtonProps) {
  return (
    <AriaButton
      type={type}
      className={`${styles.button} ${styles[variant]} ${size === 'large' ? styles.large : ''} ${children ? '' : styles.round}`}
      isPending={isBusy}
      isDisabled={isDisabled}
      autoFocus={hasFocus}
      {...(label !== undefined && { 'aria-label': label })}
      {...(onPress && { onPress })}
    >
      {Icon && <Icon size={18} aria-hidden />}
      {children}
    </AriaButton>
  );
}
