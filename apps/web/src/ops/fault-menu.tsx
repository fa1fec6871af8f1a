import { Undo2, Zap } from 'lucide-react';
import { useContext } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu } from '../parts/menu.tsx';
import { FaultContext } from './fault-context.ts';
import styles from './fault-menu.module.css';
import { faultLabels } from './faults-in-words.ts';

/** What can be done to a process or server on purpose, or undone; nothing where there are no switches. */
export function FaultMenu({ unit }: { unit: string }) {
  const faults = useContext(FaultContext);
  const own = faults?.switches?.filter((each) => each.unit === unit) ?? [];
  if (faults === null || own.length === 0) return null;
  const actions = own.map(({ name, fault, isOn }) => ({
    id: name,
    label: isOn ? `Undo: ${faultLabels[fault].active.toLowerCase()}` : faultLabels[fault].idle,
    icon: isOn ? Undo2 : Zap,
    isDangerous: !isOn,
    onAction: () => faults.turn({ name, isOn: !isOn }),
  }));
  return (
    <Menu label={`Faults of ${unit}`} actions={actions}>
      <Button className={styles.button ?? ''} aria-label={`Faults of ${unit}`}>
        <Zap size={14} aria-hidden />
      </Button>
    </Menu>
  );
}
