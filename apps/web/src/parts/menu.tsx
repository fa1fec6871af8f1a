import type { LucideIcon } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import styles from './menu.module.css';

interface MenuAction {
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
        <Items label={label} actions={actions} />
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuPopoverProps extends Omit<MenuProps, 'children'> {
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** The list alone, open for as long as it is rendered, at a button that is somewhere else. */
export function MenuPopover({ label, actions, triggerRef, onClose }: MenuPopoverProps) {
  return (
    <Popover
      isOpen
      aria-label={label}
      className={styles.popover ?? ''}
      placement="bottom end"
      triggerRef={triggerRef}
      onOpenChange={(isOpen) => isOpen || onClose()}
    >
      <Items label={label} actions={actions} onDone={onClose} />
    </Popover>
  );
}

function Items({
  label,
  actions,
  onDone,
}: Pick<MenuProps, 'label' | 'actions'> & { onDone?: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  // Without a trigger of its own the list keeps the focus for itself when it opens again.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      ref.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <AriaMenu ref={ref} aria-label={label} className={styles.menu ?? ''}>
      {actions.map(({ id, label: text, icon: Icon, href, onAction, isDangerous }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={text}
          className={`${styles.item} ${isDangerous ? styles.dangerous : ''}`}
          {...(href !== undefined && { href })}
          onAction={() => {
            onDone?.();
            onAction?.();
          }}
        >
          <Icon size={18} aria-hidden />
          {text}
        </MenuItem>
      ))}
    </AriaMenu>
  );
}
