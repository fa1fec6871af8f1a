import { type AppServer, webApp } from '@shortstack/server';

export interface DashboardOptions {
  /** Where the build of apps/web lies; see `webApp` for the default. */
  directory: string | undefined;
  appOrigin: string;
  /** Where the operations pages are, if that is known here. */
  opsOrigin: string | undefined;
}

/** The pages of the dashboard, and `/ops` where another origin has it: the dashboard leads admins there. */
export function dashboard({ directory, appOrigin, opsOrigin }: DashboardOptions) {
  const paths = ['/', '/links', '/links/:slug', '/account'];
  return async (app: AppServer) => {
    await app.register(webApp({ directory, entry: 'index.html', paths }));
    if (opsOrigin === undefined || opsOrigin === appOrigin) return;
    app.get('/ops', { schema: { hide: true } }, async (_request, reply) =>
      reply.redirect(`${opsOrigin}/ops`),
    );
  };
}
