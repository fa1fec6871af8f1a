import { LoginBody } from '@shortstack/contracts';
import { ipKey } from '@shortstack/rate-limit';
import {
  type AppServer,
  createValidator,
  escapeHtml,
  problemOf,
  sendPage,
} from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import type { FastifyReply } from 'fastify';
import { returnAddress } from '../domain/return-address.ts';
import { checkCredentials, normaliseEmail, type SignInPorts } from '../domain/sign-in.ts';
import { createLeadBack } from './lead-back.ts';
import { type RateLimits, spend } from './rate-limits.ts';
import { handOverSession, refuseForeignSignIn } from './start-session.ts';

export interface SignInPageOptions {
  ports: SignInPorts;
  sessions: SessionStore;
  limits: RateLimits;
  appOrigin: string;
  /** Where else signing in may lead back to: redirect's private links, worker's operations page. */
  returnOrigins: readonly string[];
  cookieDomain: string | undefined;
}

/**
 * `/sign-in?returnTo=…`: where redirect and worker send browsers that have to sign in first; with `challenge` from another site. A
 * form without scripts.
 */
export function signInPage(options: SignInPageOptions) {
  const { ports, sessions, limits, appOrigin, returnOrigins } = options;
  const returnTo = (wanted: string | undefined) =>
    returnAddress(wanted, { appOrigin, origins: returnOrigins });

  const leadBack = createLeadBack(options);
  const validate = createValidator(LoginBody);
  const isLogin = (login: LoginBody) => !('errors' in validate(login));

  return async (app: AppServer) => {
    // Forms alone: what they carry is text.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4_096 },
      (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    );

    app.get<{ Querystring: { returnTo?: string; challenge?: string } }>(
      '/sign-in',
      { schema: { hide: true } },
      async (request, reply) => {
        const target = returnTo(`${request.query.returnTo ?? ''}`);
        const challenge = `${request.query.challenge ?? ''}`;
        if ((await request.session.read()) !== null) {
          const location = await leadBack(request.session.token, target, challenge);
          return leadTo(reply, location, 302);
        }
        return sendForm(reply, 200, { target, challenge }, '');
      },
    );

    app.post<{ Body: Record<string, string> }>(
      '/sign-in',
      { schema: { hide: true }, onRequest: refuseForeignSignIn(appOrigin) },
      async (request, reply) => {
        const { email = '', password = '', challenge = '' } = request.body ?? {};
        const target = returnTo(request.body?.returnTo);
        let location: string;
        if (!isLogin({ email, password }) || email.includes('\0')) {
          return sendForm(
            reply,
            400,
            { target, challenge },
            'Give your e-mail address and your password.',
          );
        }
        try {
          await spend(reply, [
            [limits.loginByAddress, ipKey(request.ip)],
            [limits.loginByAccount, normaliseEmail(email)],
          ]);
          const account = await checkCredentials(ports, { email, password });
          const token = await ports.createSession(account);
          location = await leadBack(token, target, challenge);
          await handOverSession(sessions, request, reply, token);
        } catch (error) {
          const { status, detail } = problemOf(error);
          if (status === 500) throw error;
          return sendForm(reply, status, { target, challenge }, detail);
        }
        return leadTo(reply, location, 303);
      },
    );
  };
}

/** The address may hold a code: nothing keeps it, and no page learns of it. */
function leadTo(reply: FastifyReply, location: string, status: number): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(location, status);
}

function sendForm(
  reply: FastifyReply,
  status: number,
  { target, challenge }: { target: string; challenge: string },
  fault: string,
) {
  const message = fault === '' ? '' : `<p class="fault" role="alert">${escapeHtml(fault)}</p>`;
  return sendPage(reply, status, {
    title: 'Sign in',
    body: `${message}<form method="post" action="/sign-in">
<input type="hidden" name="returnTo" value="${escapeHtml(target)}">
<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
<label>E-mail <input type="email" name="email" autocomplete="username" required autofocus maxlength="254"></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required maxlength="200"></label>
<button class="full">Sign in</button></form>`,
  });
}
