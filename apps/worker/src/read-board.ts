import type { FailedJobs } from '@shortstack/contracts';
import { unavailable } from '@shortstack/errors';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

const maxErrorLength = 500;

/** The part of the answer of Bull Board's `GET /api/queues` that is shown. */
const board = Compile(
  Type.Object({
    queues: Type.Array(
      Type.Object({
        name: Type.String(),
        counts: Type.Record(Type.String(), Type.Number()),
        pagination: Type.Object({ pageCount: Type.Number() }),
        jobs: Type.Array(
          Type.Object({
            id: Type.String(),
            name: Type.String(),
            attempts: Type.Number(),
            failedReason: Type.Optional(Type.String()),
            finishedOn: Type.Optional(Type.Number()),
          }),
        ),
      }),
    ),
  }),
);

/**
 * Takes from a board's answer what the operations page shows: queues with their dead letters counted, jobs without their data. Only the
 * active queue of the question has jobs and pages. @throws AppError `BOARD_UNREADABLE` (kind `unavailable`) for another version's board.
 */
export function readBoard(answer: unknown): FailedJobs['queues'] {
  if (!board.Check(answer)) {
    throw unavailable('BOARD_UNREADABLE', 'The board of this service is of another version.');
  }
  const isDead = (name: string) => name.endsWith('-dead');
  return answer.queues
    .filter(({ name }) => !isDead(name))
    .map(({ name, counts, jobs, pagination }) => ({
      name,
      counts,
      dead: answer.queues.find((each) => each.name === `${name}-dead`)?.counts.waiting ?? 0,
      pages: pagination.pageCount,
      failed: jobs.map((job) => ({
        id: job.id,
        job: job.name,
        error: firstLine(job.failedReason ?? ''),
        attempts: job.attempts,
        failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn).toISOString(),
      })),
    }));
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, maxErrorLength);
}
