import { ToggleButton } from 'react-aria-components/ToggleButton';
import { Card } from '../parts/card.tsx';
import { Notice } from '../parts/notice.tsx';
import { countdown } from './format-figure.ts';
import styles from './switches-card.module.css';
import type { FaultSwitch, useFaultSwitches } from './use-fault-switches.ts';

const labels = {
  hang: { idle: 'Hang', active: 'Hangs' },
  slow: { idle: 'Slow down', active: 'Slow' },
  stop: { idle: 'Stop', active: 'Stopped' },
};

/** Breaks the stack on purpose, and mends it. */
export function SwitchesCard(props: ReturnType<typeof useFaultSwitches>) {
  const { switches, isAway, turn, turning, hasFailed } = props;
  if (switches === undefined) return null;
  const units = [...new Set(switches.map(({ unit }) => unit))];
  const groups = [
    { title: 'Redis', units: units.filter((unit) => unit.startsWith('redis')) },
    { title: 'PostgreSQL', units: units.filter((unit) => unit === 'postgres') },
    {
      title: 'Processes',
      units: units.filter((unit) => !unit.startsWith('redis') && unit !== 'postgres'),
    },
  ];
  return (
    <Card
      title="Break something"
      aside={
        <p className={styles.hint}>
          On this machine only. Each switch goes back by itself after five minutes.
        </p>
      }
    >
      {isAway && (
        <Notice kind="warning">
          The supervisor does not answer: it has ended, and its switches with it.
        </Notice>
      )}
      {hasFailed && <Notice kind="error">That could not be switched. Try it again.</Notice>}
      <div className={styles.groups}>
        {groups.map(({ title, units: shown }) => (
          <section key={title} aria-label={title}>
            <h3 className={styles.title}>{title}</h3>
            <ul className={styles.units}>
              {shown.map((unit) => (
                <li key={unit}>
                  <span className={styles.unit}>{unit}</span>
                  {switches
                    .filter((each) => each.unit === unit)
                    .map((each) => (
                      <Switch
                        key={each.name}
                        {...each}
                        isDisabled={isAway || turning !== undefined}
                        onChange={(isOn) => turn({ name: each.name, isOn })}
                      />
                    ))}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}

interface SwitchProps extends FaultSwitch {
  isDisabled: boolean;
  onChange: (isOn: boolean) => void;
}

function Switch({ unit, fault, isOn, secondsLeft, isDisabled, onChange }: SwitchProps) {
  const { idle, active } = labels[fault];
  return (
    <ToggleButton
      className={styles.switch ?? ''}
      aria-label={`${idle} ${unit}`}
      isSelected={isOn}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      {isOn ? `${active} · ${countdown(secondsLeft ?? 0)}` : idle}
    </ToggleButton>
  );
}
