import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import styles from './menu.module.css';

export interface MenuAction {
  id: string;
  label: string;
  icon: LucideIcon;
  /** An address, or what is done. */
  href?: string;
  onAction?: () => void;
  isDangerous?: boolean;
}

export interface MenuProps {
  /** The accessible name of the list. */
  label: string;
  actions: readonly MenuAction[];
  /** What opens it: one Button. */
  children: ReactNode;
}

/** A button with a list of things to do. */
export function Menu({ label, actions, children }: MenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <AriaMenu aria-label={label} className={styles.menu ?? ''}>
          {actions.map(({ id, label: text, icon: Icon, href, onAction, isDangerous }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={text}
              className={`${styles.item} ${isDangerous ? styles.dangerous : ''}`}
              {...(href !== undefined && { href })}
              {...(onAction && { onAction })}
            >
              <Icon size={18} aria-hidden />
              {text}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
