import { queueBoardPath, queueNames } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import type { FastifyRequest } from 'fastify';
import type { ForwardToJobs } from '../forward-to-jobs.ts';
import type { requireAdmin } from './require-admin.ts';

export interface QueueBoardsOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  /** Refuses writes that another site's page has sent. */
  rejectForeignWrites: (request: FastifyRequest) => Promise<void>;
  forward: ForwardToJobs;
}

interface BoardParams {
  service: string;
}

/** Bull Board loads scripts, styles and data from its own path, and sets style attributes. */
const boardPolicy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'"],
  ...["img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "base-uri 'self'"],
  ...["form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/**
 * The queues of all services, for admins: `/ops/queues/{service}` is the service's own Bull Board, and
 * `POST /ops/queues/{service}/dead-letters/replay` puts up to 100 dead letters of each of its queues back.
 */
export async function queueBoards(app: AppServer, options: QueueBoardsOptions): Promise<void> {
  const { onlyAdmins, rejectForeignWrites, forward } = options;
  const services = Object.keys(queueNames);

  await app.register(async (scope) => {
    scope.addHook('onRequest', rejectForeignWrites);
    scope.addHook('onRequest', onlyAdmins);
    // Bodies are passed on as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );

    scope.get('/ops/queues', { schema: {} }, (_request, reply) => reply.redirect('/ops#queues'));

    scope.post<{ Params: BoardParams }>(
      '/ops/queues/:service/dead-letters/replay',
      async ({ params: { service } }) => {
        const answer = await forward(known(service), {
          method: 'POST',
          path: `${queueBoardPath(service)}/dead-letters/replay`,
        });
        const { replayed } = (await answer.json()) as { replayed: number };
        return { replayed };
      },
    );

    for (const url of ['/ops/queues/:service', '/ops/queues/:service/*']) {
      scope.route<{ Params: BoardParams }>({
        method: ['GET', 'PUT', 'POST', 'PATCH'],
        url,
        async handler({ method, url: path, params, body }, reply) {
          const answer = await forward(known(params.service), {
            method,
            path: path as `/${string}`,
            ...(Buffer.isBuffer(body) && body.length > 0 ? { body } : {}),
          });
          reply.code(answer.status).header('content-security-policy', boardPolicy);
          const type = answer.headers.get('content-type');
          if (type !== null) reply.header('content-type', type);
          return reply.send(answer.body);
        },
      });
    }
  });

  function known(service: string): string {
    if (services.includes(service)) return service;
    throw new AppError('not_found', 'SERVICE_UNKNOWN', 'There is no service of this name.');
  }
}
