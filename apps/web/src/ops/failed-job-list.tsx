import { ChevronLeft, ChevronRight, RotateCcw } from 'lucide-react';
import { Button } from '../parts/button.tsx';
import styles from './queues.module.css';
import { ScrollTable } from './scroll-table.tsx';
import table from './table.module.css';
import type { Queue } from './use-failed-jobs.ts';

export interface FailedJobListProps {
  queue: Queue;
  page: number;
  isBusy: boolean;
  onTurn: (page: number) => void;
  onRetry: (id: string) => void;
  onRetryAll: () => void;
}

/** A page of the failed jobs of a queue, the newest first. */
export function FailedJobList(props: FailedJobListProps) {
  const { queue, page, isBusy, onTurn, onRetry, onRetryAll } = props;
  return (
    <>
      <ScrollTable
        label={`Failed jobs of ${queue.name}`}
        head={
          <>
            <th scope="col">Job</th>
            <th scope="col">Error</th>
            <th scope="col">Tries</th>
            <th scope="col">Failed</th>
            <th scope="col">
              <span className="visually-hidden">Retry</span>
            </th>
          </>
        }
      >
        {queue.failed.map(({ id, job, error, attempts, failedAt }) => (
          <tr key={id}>
            <th scope="row">
              {job}
              <span className={styles.id}>{id}</span>
            </th>
            <td className={styles.error}>{error}</td>
            <td className={table.number}>{attempts}</td>
            <td className={table.number}>
              {failedAt === null ? '–' : new Date(failedAt).toLocaleString()}
            </td>
            <td>
              <Button
                variant="ghost"
                icon={RotateCcw}
                label={`Retry ${job} ${id}`}
                isBusy={isBusy}
                onPress={() => onRetry(id)}
              />
            </td>
          </tr>
        ))}
      </ScrollTable>
      <div className={styles.actions}>
        <Button icon={RotateCcw} isBusy={isBusy} onPress={onRetryAll}>
          Retry all failed of {queue.name}
        </Button>
        {queue.pages > 1 && (
          <>
            <Button
              variant="ghost"
              icon={ChevronLeft}
              label="Newer"
              isDisabled={page <= 1}
              onPress={() => onTurn(page - 1)}
            />
            <span className={styles.page}>
              {page} of {queue.pages}
            </span>
            <Button
              variant="ghost"
              icon={ChevronRight}
              label="Older"
              isDisabled={page >= queue.pages}
              onPress={() => onTurn(page + 1)}
            />
          </>
        )}
      </div>
    </>
  );
}
