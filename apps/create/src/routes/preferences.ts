import { Preferences } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import { assertTimeZone } from '../domain/time-zone.ts';
import type {} from '../session-data.ts';
import { problems } from './problems.ts';

/** Preferences of a signed-in browser, kept with its session: every service that reads the session knows them. */
export function preferenceRoutes({ sessions }: { sessions: SessionStore }) {
  return async (app: AppServer) => {
    app.patch(
      '/api/auth/preferences',
      {
        schema: {
          tags: ['Accounts'],
          summary: 'Set preferences of my session',
          description: 'They last as long as the session. Statistics are cut by its time zone.',
          body: Preferences,
          response: { 200: Preferences, ...problems(401, 403, 413, 415) },
        },
      },
      async (request) => {
        const timezone = assertTimeZone(request.body.timezone);
        await request.session.require();
        const { token } = request.session;
        if (token !== null && (await sessions.update(token, { timezone }))) return { timezone };
        // It has ended since it was read.
        throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Sign in first.');
      },
    );
  };
}
