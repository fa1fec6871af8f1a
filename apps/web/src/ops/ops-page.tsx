import { useMemo } from 'react';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { describeSystem } from './describe-system.ts';
import { FaultContext } from './fault-context.ts';
import { InstancesCard } from './instances-card.tsx';
import { minWidth } from './lay-out.ts';
import styles from './ops-page.module.css';
import { QueuesCard } from './queues-card.tsx';
import { SwitchesCard } from './switches-card.tsx';
import { SystemCards } from './system-cards.tsx';
import { SystemDiagram } from './system-diagram.tsx';
import { SystemSummary } from './system-summary.tsx';
import { useFaultSwitches } from './use-fault-switches.ts';
import { useLiveSystem } from './use-live-system.ts';
import { useTrails } from './use-trails.ts';
import { useWidth } from './use-width.ts';

/** The whole system as it is: drawn, with its queues and instances, and locally with switches to break it. */
export function OpsPage() {
  const { history, seen, lastAt, isConnected } = useLiveSystem();
  const switches = useFaultSwitches();
  const [ref, width] = useWidth<HTMLDivElement>();
  const model = useMemo(() => describeSystem(history, seen), [history, seen]);
  const overview = history.at(-1);
  const trails = useTrails(model, overview?.at);
  const isAway = lastAt !== null && !isConnected;
  return (
    <FaultContext value={switches}>
      <Page
        title="Operations"
        actions={
          overview && (
            <SystemSummary
              summary={model.summary}
              isRegistryAway={overview.isRegistryAway}
              awaySince={isAway ? lastAt : null}
            />
          )
        }
      >
        <div ref={ref} className={isAway ? styles.away : ''} aria-busy={overview === undefined}>
          {overview === undefined || width === 0 ? (
            <Skeleton height="46rem" />
          ) : width >= minWidth ? (
            <SystemDiagram model={model} width={width} trails={trails} />
          ) : (
            <SystemCards model={model} />
          )}
        </div>
        <SwitchesCard />
        {overview && (
          <>
            <QueuesCard services={model.rooms.map(({ service }) => service)} />
            <InstancesCard overview={overview} />
          </>
        )}
      </Page>
    </FaultContext>
  );
}
