import { Cog, Database, Globe, type LucideIcon, Server } from 'lucide-react';
import styles from './node-box.module.css';
import { StateMark } from './state-mark.tsx';
import type { Stat, State } from './system-model.ts';

const icons: Record<NodeBoxProps['kind'], LucideIcon> = {
  http: Globe,
  jobs: Cog,
  redis: Server,
  postgres: Database,
};

export interface NodeBoxProps {
  kind: 'http' | 'jobs' | 'redis' | 'postgres';
  name: string;
  /** Instances, where there is not exactly one. */
  count?: number;
  state: State;
  text: string;
  /** A fault that was switched on, in words. */
  fault?: string | undefined;
  headline?: Stat | null;
  stats: readonly Stat[];
  /** Figures in a row instead of below each other. */
  isFlat?: boolean;
}

/** A process or a server, with its state and figures. */
export function NodeBox(props: NodeBoxProps) {
  const { kind, name, count = 1, state, text, fault, headline, stats, isFlat = false } = props;
  const Icon = icons[kind];
  return (
    <article className={`${styles.box} ${styles[state]} ${isFlat ? styles.flat : ''}`}>
      <header className={styles.header}>
        <Icon size={15} aria-hidden />
        <h3 className={styles.name}>
          {name}
          {count > 1 && <span className={styles.count}> × {count}</span>}
        </h3>
      </header>
      <StateMark state={state} text={text} />
      {fault !== undefined && <span className={styles.fault}>{fault}</span>}
      {headline && (
        <p className={styles.headline}>
          <strong>{headline.value}</strong> {headline.label}
        </p>
      )}
      {stats.length > 0 && (
        <dl className={styles.stats}>
          {stats.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}
