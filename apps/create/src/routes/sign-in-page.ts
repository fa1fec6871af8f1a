import { LoginBody } from '@shortstack/contracts';
import { ipKey } from '@shortstack/rate-limit';
import { type AppServer, createValidator, sendPage } from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import { checkCredentials, normaliseEmail, type SignInPorts } from '../domain/sign-in.ts';
import { signInForm } from '../pages/sign-in-form.ts';
import { acceptForms } from './accept-forms.ts';
import type { createLeadBack } from './lead-back.ts';
import { leadTo } from './lead-to.ts';
import { type RateLimits, spend } from './rate-limits.ts';
import { showForm } from './show-form.ts';
import { showRefusal } from './show-refusal.ts';
import { handOverSession, portsFor, refuseForeignSignIn } from './start-session.ts';

export interface SignInPageOptions {
  ports: SignInPorts;
  sessions: SessionStore;
  limits: RateLimits;
  appOrigin: string;
  /** Where signing in may lead back to, of what was asked for. */
  returnTo: (wanted: string | undefined) => string;
  leadBack: ReturnType<typeof createLeadBack>;
  providers: readonly { id: string; name: string }[];
}

/**
 * `/sign-in?returnTo=…`: where redirect and worker send browsers that have to sign in first; with `challenge` from another site. A
 * form without scripts.
 */
export function signInPage(options: SignInPageOptions) {
  const { ports, sessions, limits, appOrigin, returnTo, leadBack, providers } = options;
  const validate = createValidator(LoginBody);
  const isLogin = (login: LoginBody) => !('errors' in validate(login));

  return async (app: AppServer) => {
    acceptForms(app);

    showForm(app, '/sign-in', {
      returnTo,
      leadBack,
      form: (goal) => signInForm({ ...goal, providers }),
    });

    app.post<{ Body: Record<string, string> }>(
      '/sign-in',
      { schema: { hide: true }, onRequest: refuseForeignSignIn(appOrigin) },
      async (request, reply) => {
        const { email = '', password = '', challenge = '' } = request.body ?? {};
        const target = returnTo(request.body?.returnTo);
        const goal = { target, challenge };
        let location: string;
        if (!isLogin({ email, password }) || email.includes('\0')) {
          const fault = 'Give your e-mail address and your password.';
          return sendPage(reply, 400, signInForm({ ...goal, email, fault, providers }));
        }
        try {
          await spend(reply, [
            [limits.loginByAddress, ipKey(request.ip)],
            [limits.loginByAccount, normaliseEmail(email)],
          ]);
          const account = await checkCredentials(ports, { email, password });
          const token = await portsFor(ports, request).createSession(account);
          location = await leadBack(token, target, challenge);
          await handOverSession(sessions, request, reply, token);
        } catch (error) {
          return showRefusal(reply, error, ({ detail }) =>
            signInForm({ ...goal, email, fault: detail, providers }),
          );
        }
        return leadTo(reply, location, 303);
      },
    );
  };
}
