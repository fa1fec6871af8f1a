import { FaultSwitches, OperationsOverview } from '@shortstack/contracts';
import { type AppServer, wantsPage, webApp } from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { requireAdmin } from './require-admin.ts';

export interface OperationsOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  /** Where the page's build lies; see `webApp` for the default. */
  directory: string | undefined;
  /** All instances that are known, and what each says of itself. */
  readOverview: () => Promise<OperationsOverview>;
  switches: FaultSwitches['switches'];
}

/**
 * The operations page at `/ops`, and what it shows: `GET /ops/system`, every live instance of every service, which is also what
 * `/ops` answers to whoever asks for no page; `GET /ops/switches`, where the switches of faults are.
 */
export async function operations(app: AppServer, options: OperationsOptions): Promise<void> {
  const { onlyAdmins, directory, readOverview, switches } = options;

  async function onlyPages(request: FastifyRequest, reply: FastifyReply) {
    const refused = await onlyAdmins(request, reply);
    if (refused !== undefined || wantsPage(request)) return refused;
    return reply.send(await readOverview());
  }

  app.get('/', { schema: {} }, (_request, reply) => reply.redirect('/ops'));
  await app.register(
    webApp({
      directory,
      entry: 'ops.html',
      paths: ['/ops'],
      onRequest: onlyPages,
      connectTo: switches === null ? [] : [switches.url],
    }),
  );
  app.get(
    '/ops/system',
    { onRequest: onlyAdmins, schema: { response: { 200: OperationsOverview } } },
    readOverview,
  );
  app.get(
    '/ops/switches',
    { onRequest: onlyAdmins, schema: { response: { 200: FaultSwitches } } },
    () => ({ switches }),
  );
}
