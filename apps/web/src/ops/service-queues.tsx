import { ExternalLink, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { FailedJobList } from './failed-job-list.tsx';
import styles from './queues.module.css';
import { useFailedJobs } from './use-failed-jobs.ts';

/** A service's queues: counts, failed jobs with retry, dead letters with replay. */
export function ServiceQueues({ service }: { service: string }) {
  const [turned, setTurned] = useState<{ queue: string; page: number }>();
  const jobs = useFailedJobs(service, turned?.queue, turned?.page ?? 1);
  const { queues, error, actError, isBusy, retry, retryAll, replay } = jobs;
  const dead = queues?.reduce((sum, queue) => sum + queue.dead, 0) ?? 0;
  return (
    <section className={styles.service} aria-label={`Queues of ${service}`}>
      <header className={styles.header}>
        <h3>{service}</h3>
        <div className={styles.actions}>
          {dead > 0 && (
            <Button icon={RotateCcw} isBusy={isBusy} onPress={replay}>
              Put {Math.min(dead, 100)} dead letters back
            </Button>
          )}
          <LinkButton href={`/ops/queues/${service}/`} variant="ghost" icon={ExternalLink}>
            Board of {service}
          </LinkButton>
        </div>
      </header>
      {actError && <Notice kind="warning">{actError.message}</Notice>}
      {/* What was known stays, as it is asked for again and again. */}
      {error && queues === undefined && <Notice kind="warning">{error.message}</Notice>}
      {queues === undefined && error === null && <Skeleton height="3.5rem" />}
      {queues?.map((queue) => (
        <div key={queue.name} className={styles.queue}>
          <p className={styles.counts}>
            <strong>{queue.name}</strong>
            {['waiting', 'active', 'delayed', 'completed', 'failed'].map((state) => (
              <span key={state}>
                {queue.counts[state] ?? 0} {state}
              </span>
            ))}
            <span>{queue.dead} dead letters</span>
          </p>
          {queue.failed.length > 0 && (
            <FailedJobList
              queue={queue}
              page={turned?.queue === queue.name ? turned.page : 1}
              isBusy={isBusy}
              onTurn={(page) => setTurned({ queue: queue.name, page })}
              onRetry={(id) => retry(queue.name, id)}
              onRetryAll={() => retryAll(queue.name)}
            />
          )}
        </div>
      ))}
    </section>
  );
}
