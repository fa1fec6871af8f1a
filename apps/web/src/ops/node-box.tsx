import { Cog, Database, Globe, type LucideIcon, Server } from 'lucide-react';
import { useContext } from 'react';
import { FaultContext } from './fault-context.ts';
import { FaultMenu } from './fault-menu.tsx';
import { activeInWords } from './faults-in-words.ts';
import styles from './node-box.module.css';
import { Sparkline } from './sparkline.tsx';
import { StateMark } from './state-mark.tsx';
import type { Headline, Stat, State } from './system-model.ts';

const icons: Record<NodeBoxProps['kind'], LucideIcon> = {
  http: Globe,
  jobs: Cog,
  redis: Server,
  postgres: Database,
};

export interface NodeBoxProps {
  kind: 'http' | 'jobs' | 'redis' | 'postgres';
  name: string;
  /** The name of the process or server, for switches. */
  unit: string;
  /** Instances, where there is not exactly one. */
  count?: number;
  state: State;
  text: string;
  headline?: Headline | null;
  /** How the headline went. */
  trail?: readonly number[] | undefined;
  stats: readonly Stat[];
  /** Figures in a row instead of below each other. */
  isFlat?: boolean;
}

/** A process or a server, with its state and figures. */
export function NodeBox(props: NodeBoxProps) {
  const { kind, name, unit, count = 1, text, headline, trail, stats, isFlat = false } = props;
  const Icon = icons[kind];
  const fault = useContext(FaultContext)?.switches?.find((each) => each.unit === unit && each.isOn);
  const inflicted = fault?.fault === 'slow' ? 'ailing' : 'down';
  const state = fault !== undefined && props.state === 'well' ? inflicted : props.state;
  return (
    <article className={`${styles.box} ${styles[state]} ${isFlat ? styles.flat : ''}`}>
      <header className={styles.header}>
        <Icon size={15} aria-hidden />
        <h3 className={styles.name}>
          {name}
          {count > 1 && <span className={styles.count}> × {count}</span>}
        </h3>
        <FaultMenu unit={unit} />
      </header>
      <StateMark state={state} text={fault === undefined ? text : activeInWords(fault)} />
      {headline && (
        <p className={styles.headline}>
          <strong>{headline.value}</strong> {headline.label}
        </p>
      )}
      {trail && trail.length > 1 && <Sparkline values={trail} />}
      {stats.length > 0 && (
        <dl className={styles.stats}>
          {stats.map(({ label, value }) => (
            <div key={label} className={label === 'memory' ? styles.memory : ''}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}
