import {
  AccessTokenAnswer,
  JsonWebKeySet,
  RotatedTokenKey,
  RotateTokenKeysBody,
} from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import type { AccessTokens } from '../access-tokens.ts';
import { assertAdmin } from './assert-admin.ts';
import { problems } from './problems.ts';

/** Access tokens for programs, and the keys by which others check them. */
export function accessTokenRoutes(tokens: AccessTokens) {
  return async (app: AppServer) => {
    app.post(
      '/api/auth/token',
      {
        schema: {
          tags: ['Accounts'],
          summary: 'Get an access token',
          description:
            'A JWT (EdDSA) for five minutes, that create, redirect and worker accept as `Authorization: Bearer` and check alone. It may do what the session may, but manages no sessions, keys or tokens. Unlike a session it can’t be ended before its time.',
          response: { 200: AccessTokenAnswer, ...problems(401, 403) },
        },
      },
      async (request, reply) => {
        const { userId, data } = await request.session.require();
        const issued = await tokens.issue({ id: userId, role: data.role });
        return reply.header('cache-control', 'no-store').send({
          accessToken: issued.accessToken,
          expiresAt: issued.expiresAt.toISOString(),
        });
      },
    );

    app.get(
      '/.well-known/jwks.json',
      {
        schema: {
          tags: ['Accounts'],
          summary: 'The public keys of access tokens',
          security: [],
          response: { 200: JsonWebKeySet, ...problems() },
        },
      },
      async (_request, reply) => {
        const { keys } = await tokens.jwks();
        return reply
          .header('cache-control', 'public, max-age=60')
          .send({ keys: keys as Record<string, string>[] });
      },
    );

    app.post(
      '/api/auth/token-keys',
      {
        onRequest: [app.requireSignIn, assertAdmin],
        schema: {
          tags: ['Operations'],
          summary: 'Replace the key of access tokens',
          description:
            'Happens by itself each 30 days. The next key is published at once and signs ten minutes later; what the old one signed stays good until it ends, unless it is revoked. Administrators only.',
          body: RotateTokenKeysBody,
          response: { 201: RotatedTokenKey, ...problems(401, 403, 413, 415) },
        },
      },
      async ({ body }, reply) => {
        const { kid, signsFrom } = await tokens.rotate({ revoke: body.revoke ?? false });
        return reply.code(201).send({ kid, signsFrom: signsFrom.toISOString() });
      },
    );
  };
}
