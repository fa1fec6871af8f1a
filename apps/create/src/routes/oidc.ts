import { OidcLinkAnswer, OidcParams } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { ipKey } from '@shortstack/rate-limit';
import { type AppServer, escapeHtml } from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type OidcSignInPorts, signInByIdentity } from '../domain/oidc-sign-in.ts';
import type { OidcClaims, OidcIssuer } from '../outgoing/oidc-issuer.ts';
import { signInForm } from '../pages/sign-in-form.ts';
import { notice, type SignInGoal } from '../pages/sign-in-goal.ts';
import type { createLeadBack } from './lead-back.ts';
import { leadTo } from './lead-to.ts';
import type { OidcAttempts } from './oidc-attempts.ts';
import { problems } from './problems.ts';
import { type RateLimits, spend } from './rate-limits.ts';
import { showRefusal } from './show-refusal.ts';
import { handOverSession, portsFor } from './start-session.ts';

export interface OidcRoutesOptions {
  issuers: readonly OidcIssuer[];
  attempts: OidcAttempts;
  ports: Omit<OidcSignInPorts, 'limitRegistration'>;
  link: (
    accountId: string,
    identity: { issuer: string; subject: string; email: string },
  ) => Promise<void>;
  sessions: SessionStore;
  limits: RateLimits;
  leadBack: ReturnType<typeof createLeadBack>;
  appOrigin: string;
  /** Where signing in may lead back to, of what was asked for. */
  returnTo: (wanted: string | undefined) => string;
  /** @throws AppError `unavailable` / `MAINTENANCE` */
  assertWritable: () => void;
}

interface Query {
  Params: { provider: string };
  Querystring: Record<string, unknown>;
}

/**
 * `GET /api/auth/oidc/{provider}?returnTo=…&challenge=…` sends the browser to the issuer, which sends it back to `…/callback`: it is signed in
 * and led on as from the sign-in page, which also tells what went wrong. `POST /api/auth/oidc/{provider}/link` begins to link the issuer to
 * the account that is signed in: a POST, so that no other site can begin it.
 */
export function oidcRoutes(options: OidcRoutesOptions) {
  const { issuers, attempts, ports, sessions, limits, leadBack, appOrigin } = options;
  const providers = issuers.map(({ provider }) => provider);
  const accountPage = `${appOrigin}/account`;

  function issuerOf(request: FastifyRequest<Query>): OidcIssuer {
    const found = issuers.find(({ provider }) => provider.id === request.params.provider);
    if (found) return found;
    throw new AppError('not_found', 'OIDC_PROVIDER_UNKNOWN', 'Nobody signs in this way here.');
  }

  function goalOf({ query }: FastifyRequest<Query>): SignInGoal {
    const { returnTo, challenge } = query;
    const target = options.returnTo(typeof returnTo === 'string' ? returnTo : undefined);
    return { target, challenge: typeof challenge === 'string' ? challenge : '' };
  }

  /** What went wrong, on the page where one can try again. */
  function explain(request: FastifyRequest, reply: FastifyReply, error: unknown, goal: SignInGoal) {
    return showRefusal(reply, error, ({ detail }) => {
      request.log.warn({ err: error }, 'signing in with an issuer failed');
      return signInForm({ ...goal, fault: detail, providers });
    });
  }

  function explainLink(request: FastifyRequest, reply: FastifyReply, error: unknown) {
    return showRefusal(reply, error, ({ detail }) => {
      request.log.warn({ err: error }, 'linking an issuer failed');
      const body = `${notice(detail)}<p><a href="${escapeHtml(accountPage)}">Back to your account</a></p>`;
      return { title: 'Not linked', body };
    });
  }

  /** Where to send the browser, which is told what to keep. */
  async function begin(
    request: FastifyRequest<Query>,
    reply: FastifyReply,
    goal: SignInGoal,
    linkTo?: string,
  ): Promise<string> {
    const issuer = issuerOf(request);
    await spend(reply, [[limits.loginByAddress, ipKey(request.ip)]]);
    const { url, checks } = await issuer.begin();
    const attempt = { ...goal, providerId: issuer.provider.id, checks };
    attempts.keep(reply, linkTo === undefined ? attempt : { ...attempt, linkTo });
    return url;
  }

  async function linkTo(accountId: string, request: FastifyRequest, claims: OidcClaims) {
    options.assertWritable();
    // Who is signed in may have changed meanwhile.
    const { userId } = await request.session.require();
    if (userId !== accountId) {
      throw new AppError(
        'conflict',
        'ACCOUNT_CHANGED',
        'You have signed in to another account meanwhile. Start again on the account page.',
      );
    }
    const { issuer, subject, verifiedEmail, name } = claims;
    await options.link(accountId, { issuer, subject, email: verifiedEmail ?? name });
  }

  return async (app: AppServer) => {
    app.get<Query>(
      '/api/auth/oidc/:provider',
      { schema: { hide: true }, exposeHeadRoute: false },
      async (request, reply) => {
        const goal = goalOf(request);
        try {
          return leadTo(reply, await begin(request, reply, goal), 303);
        } catch (error) {
          return explain(request, reply, error, goal);
        }
      },
    );

    app.post<Query>(
      '/api/auth/oidc/:provider/link',
      {
        schema: {
          tags: ['Accounts'],
          summary: 'Link an OpenID Connect issuer to my account',
          description: 'Send the browser to the answer’s `url`; it comes back to `/account`.',
          params: OidcParams,
          response: { 200: OidcLinkAnswer, ...problems(401, 403, 404, 429) },
        },
      },
      async (request, reply) => {
        const { userId } = await request.session.require();
        const goal = { target: accountPage, challenge: '' };
        const url = await begin(request, reply, goal, userId);
        return reply.header('cache-control', 'no-store').send({ url });
      },
    );

    app.get<Query>(
      '/api/auth/oidc/:provider/callback',
      // A HEAD request would use the code up.
      { schema: { hide: true }, exposeHeadRoute: false },
      async (request, reply) => {
        const issuer = issuerOf(request);
        const { id: providerId, name } = issuer.provider;
        const state = typeof request.query.state === 'string' ? request.query.state : '';
        const attempt = attempts.take(request, reply, { providerId, state });
        if (attempt === null) {
          const expired = new AppError(
            'invalid',
            'OIDC_ATTEMPT_UNKNOWN',
            'This sign-in was begun too long ago, or in another browser or tab. Start again.',
          );
          return explain(request, reply, expired, { target: appOrigin, challenge: '' });
        }
        try {
          const claims = await issuer.finish(new URL(request.url, appOrigin), attempt.checks);
          if (attempt.linkTo !== undefined) {
            await linkTo(attempt.linkTo, request, claims);
            return leadTo(reply, attempt.target, 303);
          }
          const limitRegistration = async () => {
            options.assertWritable();
            await spend(reply, [[limits.registrationByAddress, ipKey(request.ip)]]);
          };
          const { token } = await signInByIdentity(
            { ...portsFor(ports, request), limitRegistration },
            claims,
            name,
          );
          const location = await leadBack(token, attempt.target, attempt.challenge);
          await handOverSession(sessions, request, reply, token);
          return leadTo(reply, location, 303);
        } catch (error) {
          const isLink = attempt.linkTo !== undefined;
          return isLink
            ? explainLink(request, reply, error)
            : explain(request, reply, error, attempt);
        }
      },
    );
  };
}
