import { useMemo } from 'react';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { describeSystem } from './describe-system.ts';
import { faultsInWords } from './faults-in-words.ts';
import { duration } from './format-figure.ts';
import { InstancesCard } from './instances-card.tsx';
import { minWidth } from './lay-out.ts';
import styles from './ops-page.module.css';
import { QueuesCard } from './queues-card.tsx';
import { StateMark } from './state-mark.tsx';
import { SwitchesCard } from './switches-card.tsx';
import { SystemCards } from './system-cards.tsx';
import { SystemDiagram } from './system-diagram.tsx';
import { useFaultSwitches } from './use-fault-switches.ts';
import { useLiveSystem } from './use-live-system.ts';
import { useNow } from './use-now.ts';
import { useWidth } from './use-width.ts';

/** The whole system as it is: drawn, with its queues and instances, and locally with switches to break it. */
export function OpsPage() {
  const { history, seen, lastAt, isConnected } = useLiveSystem();
  const switches = useFaultSwitches();
  const now = useNow();
  const [ref, width] = useWidth<HTMLDivElement>();
  const model = useMemo(() => describeSystem(history, seen), [history, seen]);
  const faults = faultsInWords(switches.switches);
  const overview = history.at(-1);
  const isAway = lastAt !== null && !isConnected;
  return (
    <Page
      title="Operations"
      actions={
        <div className={styles.summary} role="status">
          {overview && !isAway && (
            <StateMark state={model.summary.state} text={model.summary.text} />
          )}
        </div>
      }
    >
      {isAway && (
        <Notice kind="warning">
          Worker does not answer: last seen {duration(now - lastAt)} ago. What is below is from
          then.
        </Notice>
      )}
      {overview?.isRegistryAway && !isAway && (
        <Notice kind="warning">
          The registry does not answer: these are the processes that were known last.
        </Notice>
      )}
      <div ref={ref} className={isAway ? styles.away : ''} aria-busy={overview === undefined}>
        {overview === undefined || width === 0 ? (
          <Skeleton height="46rem" />
        ) : width >= minWidth ? (
          <SystemDiagram model={model} width={width} faults={faults} />
        ) : (
          <SystemCards model={model} faults={faults} />
        )}
      </div>
      <SwitchesCard {...switches} />
      {overview && (
        <>
          <QueuesCard services={model.rooms.map(({ service }) => service)} />
          <InstancesCard overview={overview} />
        </>
      )}
    </Page>
  );
}
