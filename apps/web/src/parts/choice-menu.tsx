import { Check, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import styles from './menu.module.css';

export interface ChoiceMenuProps<Value extends string> {
  /** The accessible name of the list. */
  label: string;
  choices: readonly { value: Value; label: string; icon: LucideIcon }[];
  value: Value;
  onChange: (value: Value) => void;
  /** What opens it: one Button. */
  children: ReactNode;
}

/** A button with a list of which one is chosen. */
export function ChoiceMenu<Value extends string>({
  label,
  choices,
  value,
  onChange,
  children,
}: ChoiceMenuProps<Value>) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu
          aria-label={label}
          className={styles.menu ?? ''}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[value]}
          onSelectionChange={(keys) => {
            const [chosen] = keys === 'all' ? [] : keys;
            if (chosen !== undefined) onChange(chosen as Value);
          }}
        >
          {choices.map(({ value: id, label: text, icon: Icon }) => (
            <MenuItem key={id} id={id} textValue={text} className={styles.item ?? ''}>
              <Icon size={18} aria-hidden />
              {text}
              {id === value && <Check size={18} aria-hidden className={styles.check} />}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
