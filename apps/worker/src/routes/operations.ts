import { OperationsOverview } from '@shortstack/contracts';
import { type AppServer, sendPage, wantsPage } from '@shortstack/server';
import type { AskedInstance } from '../ask-instances.ts';
import { overviewPage } from '../pages/overview-page.ts';
import type { requireAdmin } from './require-admin.ts';

export interface OperationsOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  /** All that are known, and what each says of itself. */
  askInstances: () => Promise<AskedInstance[]>;
  isRegistryAway: () => boolean;
  now: () => Date;
}

/** `GET /ops`: every live instance of every service, as a page for browsers and as JSON for everyone else. */
export function operations(app: AppServer, options: OperationsOptions): void {
  const { onlyAdmins, askInstances, isRegistryAway, now } = options;
  const schema = { response: { 200: OperationsOverview } };

  app.get('/', { schema: {} }, (_request, reply) => reply.redirect('/ops'));

  app.get('/ops', { onRequest: onlyAdmins, schema }, async (request, reply) => {
    const overview: OperationsOverview = {
      at: now().toISOString(),
      isRegistryAway: isRegistryAway(),
      instances: (await askInstances()).map((instance) => ({
        ...instance,
        publicUrl: instance.publicUrl ?? null,
      })),
    };
    if (!wantsPage(request)) return overview;
    return sendPage(reply, 200, {
      title: 'Operations',
      body: overviewPage(overview),
      layout: 'wide',
      refreshSeconds: 5,
    });
  });
}
