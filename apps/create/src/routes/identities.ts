import { IdentityList, IdentityParams } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import type { Identity } from '../domain/identity.ts';
import type { OidcProvider } from '../oidc-providers.ts';
import { problems } from './problems.ts';

export interface IdentityRoutesOptions {
  providers: readonly OidcProvider[];
  list: (accountId: string) => Promise<{ items: Identity[]; hasPassword: boolean }>;
  remove: (accountId: string, id: string) => Promise<'deleted' | 'last' | 'unknown'>;
}

const tags = ['Accounts'];

/** With which issuers an account is signed in to. Only a session may see and change it. */
export function identityRoutes({ providers, list, remove }: IdentityRoutesOptions) {
  const nameOf = (issuer: string) =>
    providers.find((provider) => provider.issuer === issuer)?.name ??
    (URL.canParse(issuer) ? new URL(issuer).host : issuer);

  return async (app: AppServer) => {
    app.get(
      '/api/auth/identities',
      {
        onRequest: app.requireSignIn,
        schema: {
          tags,
          summary: 'How I sign in',
          response: { 200: IdentityList, ...problems(401, 403) },
        },
      },
      async ({ principal }) => {
        const { items, hasPassword } = await list(principal.accountId);
        return {
          items: items.map(({ id, issuer, email, createdAt }) => ({
            ...{ id, name: nameOf(issuer), email },
            createdAt: createdAt.toISOString(),
          })),
          nextCursor: null,
          hasPassword,
          providers: providers.map(({ id, name }) => ({ id, name })),
        };
      },
    );

    app.delete(
      '/api/auth/identities/:id',
      {
        onRequest: app.requireSignIn,
        schema: {
          tags,
          summary: 'Unlink an issuer from my account',
          params: IdentityParams,
          response: { 204: Type.Null(), ...problems(401, 403, 404, 409) },
        },
      },
      async ({ principal, params }, reply) => {
        const outcome = await remove(principal.accountId, params.id);
        if (outcome === 'deleted') return reply.code(204).send(null);
        if (outcome === 'unknown') {
          throw new AppError('not_found', 'IDENTITY_NOT_FOUND', 'Nothing of this id is linked.');
        }
        throw new AppError(
          'conflict',
          'LAST_SIGN_IN',
          'Your account has no password: without this you could not sign in any more.',
        );
      },
    );
  };
}
