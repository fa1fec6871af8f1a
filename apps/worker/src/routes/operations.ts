import { OperationsOverview } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { type AppServer, sendPage, wantsPage } from '@shortstack/server';
import type { RemoteSignIn } from '@shortstack/session';
import type { FastifyRequest } from 'fastify';
import type { AskedInstance } from '../ask-instances.ts';
import { overviewPage } from '../pages/overview-page.ts';

export interface OperationsOptions {
  /** False for nobody in particular; throws for those who may not come in. */
  readAdmin: (request: FastifyRequest) => Promise<boolean>;
  /** All that are known, and what each says of itself. */
  askInstances: () => Promise<AskedInstance[]>;
  isRegistryAway: () => boolean;
  signIn: RemoteSignIn;
  opsOrigin: string;
  now: () => Date;
}

/** `GET /ops`: every live instance of every service, as a page for browsers and as JSON for everyone else. */
export function operations(app: AppServer, options: OperationsOptions): void {
  const { readAdmin, askInstances, isRegistryAway, signIn, opsOrigin, now } = options;

  app.get('/', { schema: {} }, (_request, reply) => reply.redirect('/ops'));

  app.get('/ops', { schema: { response: { 200: OperationsOverview } } }, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('vary', 'accept, cookie');
    if (!(await readAdmin(request))) {
      if (!wantsPage(request))
        throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Sign in first.');
      return signIn.begin(request, reply, `${opsOrigin}/ops`);
    }
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
