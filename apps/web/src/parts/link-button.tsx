import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './button.module.css';

export interface LinkButtonProps {
  href: string;
  variant?: 'primary' | 'quiet' | 'ghost';
  icon?: LucideIcon;
  /** The accessible name of one that shows its icon alone. */
  label?: string;
  /** Opens another tab, which learns nothing of this one. */
  opensTab?: boolean;
  /** Saves what it leads to under this name. */
  download?: string;
  children?: ReactNode;
}

/** A link that looks like a button, to what is no page of this app. */
export function LinkButton({
  href,
  variant = 'quiet',
  icon: Icon,
  label,
  opensTab = false,
  download,
  children,
}: LinkButtonProps) {
  return (
    <a
      href={href}
      className={`${styles.button} ${styles[variant]} ${children ? '' : styles.round}`}
      aria-label={label}
      download={download}
      {...(opensTab && { target: '_blank', rel: 'noreferrer' })}
    >
      {Icon && <Icon size={18} aria-hidden />}
      {children}
    </a>
  );
}
