import { FaultSwitches, OperationsOverview } from '@shortstack/contracts';
import { type AppServer, wantsPage } from '@shortstack/server';
import type { FastifyReply } from 'fastify';
import type { requireAdmin } from './require-admin.ts';

export interface OperationsOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  /** The page, for whoever may see it. */
  sendOperationsPage: (reply: FastifyReply) => FastifyReply;
  /** All instances that are known, and what each says of itself. */
  readOverview: () => Promise<OperationsOverview>;
  switches: FaultSwitches['switches'];
}

/**
 * The operations page at `/ops`, and what it shows: `GET /ops/system`, every live instance of every service, which is also what
 * `/ops` answers to whoever asks for no page; `GET /ops/switches`, where the switches of faults are.
 */
export function operations(app: AppServer, options: OperationsOptions): void {
  const { onlyAdmins, sendOperationsPage, readOverview, switches } = options;
  const schema = { response: { 200: OperationsOverview } };

  app.get('/', { schema: {} }, (_request, reply) => reply.redirect('/ops'));
  app.get('/ops', { onRequest: onlyAdmins, schema }, async (request, reply) =>
    wantsPage(request) ? sendOperationsPage(reply) : readOverview(),
  );
  app.get('/ops/system', { onRequest: onlyAdmins, schema }, readOverview);
  app.get(
    '/ops/switches',
    { onRequest: onlyAdmins, schema: { response: { 200: FaultSwitches } } },
    () => ({ switches }),
  );
}
