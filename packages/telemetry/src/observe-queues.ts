import type { Metrics } from './metrics.ts';

const states = ['waiting', 'active', 'delayed', 'completed', 'failed', 'dead'] as const;

/** What `stats` of a queue's producer tells: jobs by state, and how long the next one has been due. */
export type QueueFigures = Readonly<
  Record<(typeof states)[number] | 'oldestWaitingSeconds', number>
>;

/** Adds the metrics of queues, by name. What is not known is left out of the scrape. */
export function observeQueues(
  metrics: Metrics,
  queues: Readonly<Record<string, () => QueueFigures | undefined>>,
): void {
  const known = () =>
    Object.entries(queues).flatMap(([queue, latest]) => {
      const figures = latest();
      return figures === undefined ? [] : [{ queue, figures }];
    });
  metrics.observe('shortstack_queue_jobs', 'Jobs by state', 'gauge', () =>
    known().flatMap(({ queue, figures }) =>
      states.map((state) => ({ value: figures[state], attributes: { queue, state } })),
    ),
  );
  metrics.observe(
    'shortstack_queue_oldest_waiting_seconds',
    'How long the job that is next has been due; 0 without any',
    'gauge',
    () =>
      known().map(({ queue, figures }) => ({
        value: figures.oldestWaitingSeconds,
        attributes: { queue },
      })),
  );
}
