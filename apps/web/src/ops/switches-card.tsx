import { useContext } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { Card } from '../parts/card.tsx';
import { Notice } from '../parts/notice.tsx';
import { FaultContext } from './fault-context.ts';
import { activeInWords, faultLabels } from './faults-in-words.ts';
import styles from './switches-card.module.css';
import type { FaultSwitch } from './use-fault-switches.ts';

/** Breaks the stack on purpose, and mends it. */
export function SwitchesCard() {
  const faults = useContext(FaultContext);
  if (faults?.switches === undefined) return null;
  const { switches, isAway, turn, turning, hasFailed } = faults;
  const units = [...new Set(switches.map(({ unit }) => unit))];
  const isOwnRedis = (unit: string) => unit.startsWith('redis-jobs-');
  const isShared = (unit: string) =>
    unit === 'postgres' || (unit.startsWith('redis-') && !isOwnRedis(unit));
  const groups = [
    { title: 'Shared servers', units: units.filter(isShared) },
    { title: 'The hosts’ own Redis', units: units.filter(isOwnRedis) },
    {
      title: 'Processes',
      units: units.filter((unit) => !isShared(unit) && !isOwnRedis(unit)),
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
                        isDisabled={isAway}
                        onChange={(isOn) => {
                          // One at a time; disabled it would lose the focus.
                          if (turning === undefined) turn({ name: each.name, isOn });
                        }}
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

function Switch({ isDisabled, onChange, ...faultSwitch }: SwitchProps) {
  const { unit, fault, isOn } = faultSwitch;
  const { idle } = faultLabels[fault];
  return (
    <ToggleButton
      className={styles.switch ?? ''}
      aria-label={`${idle} ${unit}`}
      isSelected={isOn}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      {isOn ? activeInWords(faultSwitch) : idle}
    </ToggleButton>
  );
}
