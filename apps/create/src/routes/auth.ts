import { LoginBody, MeAnswer, RegisterBody, UserAnswer } from '@shortstack/contracts';
import { ipKey } from '@shortstack/rate-limit';
import type { AppServer } from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  type AccountToSignIn,
  checkCredentials,
  normaliseEmail,
  register,
  type SignInPorts,
} from '../domain/sign-in.ts';
import type {} from '../session-data.ts';
import { problems } from './problems.ts';
import { type RateLimits, spend } from './rate-limits.ts';
import { handOverSession, portsFor, refuseForeignSignIn } from './start-session.ts';

export interface AuthRoutesOptions {
  ports: SignInPorts;
  sessions: SessionStore;
  limits: RateLimits;
  appOrigin: string;
}

const tags = ['Accounts'];

/** Registering, signing in and out, and who is signed in. */
export function authRoutes({ ports, sessions, limits, appOrigin }: AuthRoutesOptions) {
  async function signedIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { account, token }: { account: AccountToSignIn; token: string },
  ) {
    await handOverSession(sessions, request, reply, token);
    const { id, email, name, role } = account;
    return { user: { id, email, name, role } };
  }
  const onRequest = refuseForeignSignIn(appOrigin);

  return async (app: AppServer) => {
    app.post(
      '/api/auth/register',
      {
        onRequest,
        schema: {
          tags,
          summary: 'Register and sign in',
          body: RegisterBody,
          response: { 201: UserAnswer, ...problems(403, 409, 413, 415, 429) },
        },
      },
      async (request, reply) => {
        await spend(reply, [[limits.registrationByAddress, ipKey(request.ip)]]);
        const registered = await register(portsFor(ports, request), request.body);
        return reply.code(201).send(await signedIn(request, reply, registered));
      },
    );

    app.post(
      '/api/auth/login',
      {
        onRequest,
        schema: {
          tags,
          summary: 'Sign in',
          description:
            'Any session that the browser had is ended. An unknown address is answered like a wrong password.',
          body: LoginBody,
          response: { 200: UserAnswer, ...problems(401, 403, 413, 415, 429) },
        },
      },
      async (request, reply) => {
        await spend(reply, [
          [limits.loginByAddress, ipKey(request.ip)],
          [limits.loginByAccount, normaliseEmail(request.body.email)],
        ]);
        const account = await checkCredentials(ports, request.body);
        const token = await portsFor(ports, request).createSession(account);
        return reply.send(await signedIn(request, reply, { account, token }));
      },
    );

    app.post(
      '/api/auth/logout',
      {
        schema: {
          tags,
          summary: 'Sign out',
          description: 'The session ends at once in every service. Does nothing without one.',
          response: { 204: Type.Null(), ...problems(403) },
        },
      },
      async (request, reply) => {
        const { token } = request.session;
        if (token !== null) await sessions.end(token);
        request.session.clearCookie(reply);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/api/auth/me',
      {
        schema: {
          tags,
          summary: 'Who is signed in',
          response: { 200: MeAnswer, ...problems(401) },
        },
      },
      async (request) => {
        const { id, userId, data, createdAt, expiresAt } = await request.session.require();
        const { email, name, role, timezone } = data;
        return {
          user: { id: userId, email, name, role },
          session: {
            id,
            createdAt: createdAt.toISOString(),
            expiresAt: expiresAt.toISOString(),
            ...(timezone !== undefined && { timezone }),
          },
        };
      },
    );
  };
}
