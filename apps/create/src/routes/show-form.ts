import { type AppServer, type Page, sendPage } from '@shortstack/server';
import type { SignInGoal } from '../pages/sign-in-goal.ts';
import type { createLeadBack } from './lead-back.ts';
import { leadTo } from './lead-to.ts';

export interface ShowFormOptions {
  returnTo: (wanted: string | undefined) => string;
  leadBack: ReturnType<typeof createLeadBack>;
  form: (goal: SignInGoal) => Page;
}

/** `GET {path}?returnTo=…&challenge=…`: the form; whoever is signed in already is led on. */
export function showForm(app: AppServer, path: string, options: ShowFormOptions): void {
  const { returnTo, leadBack, form } = options;
  app.get<{ Querystring: { returnTo?: string; challenge?: string } }>(
    path,
    { schema: { hide: true } },
    async (request, reply) => {
      const target = returnTo(`${request.query.returnTo ?? ''}`);
      const challenge = `${request.query.challenge ?? ''}`;
      if ((await request.session.read()) !== null) {
        const location = await leadBack(request.session.token, target, challenge);
        return leadTo(reply, location, 302);
      }
      return sendPage(reply, 200, form({ target, challenge }));
    },
  );
}
