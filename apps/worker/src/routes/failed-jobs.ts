import { FailedJobs, queueBoardPath, queueNames } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import type { ForwardToJobs } from '../forward-to-jobs.ts';
import { readBoard } from '../read-board.ts';
import type { requireAdmin } from './require-admin.ts';

export interface FailedJobsOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  forward: ForwardToJobs;
}

const closed = { additionalProperties: false };
const params = Type.Object({ service: Type.String({ maxLength: 64 }) }, closed);
const querystring = Type.Object(
  {
    /** Whose page is asked for; of the others the first is shown. */
    queue: Type.Optional(Type.String({ maxLength: 128 })),
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  closed,
);

/**
 * `GET /ops/failed-jobs/{service}`: the queues of a service with counts and ten failed jobs, the newest first, as the service's own
 * board has them. Jobs are retried there. 404 for a service without queues, 503 while its jobs process or its Redis is away.
 */
export function failedJobs(app: AppServer, { onlyAdmins, forward }: FailedJobsOptions): void {
  app.get(
    '/ops/failed-jobs/:service',
    { onRequest: onlyAdmins, schema: { params, querystring, response: { 200: FailedJobs } } },
    async ({ params: { service }, query: { queue, page = 1 } }) => {
      if (!Object.hasOwn(queueNames, service)) {
        throw new AppError('not_found', 'SERVICE_UNKNOWN', 'There is no service of this name.');
      }
      const read = async (activeQueue: string, wantedPage: number) => {
        const query = new URLSearchParams({
          activeQueue,
          status: 'failed',
          page: `${wantedPage}`,
          jobsPerPage: '10',
        });
        const answer = await forward(service, {
          method: 'GET',
          path: `${queueBoardPath(service)}/api/queues?${query.toString()}`,
        });
        return readBoard(await answer.json().catch(() => undefined));
      };
      // The board tells the jobs of one queue at a time.
      const names = (await read(queue ?? '', page)).map(({ name }) => name);
      const boards = await Promise.all(
        names.map(async (name) => {
          const board = await read(name, name === queue ? page : 1);
          return board.find((each) => each.name === name) ?? [];
        }),
      );
      return { queues: boards.flat() };
    },
  );
}
