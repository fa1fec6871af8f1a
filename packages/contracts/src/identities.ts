import Type from 'typebox';
import { pageOf } from './lists.ts';

const closed = { additionalProperties: false };
const Provider = Type.Object({ id: Type.String(), name: Type.String() });

export const OidcParams = Type.Object({ provider: Type.String({ maxLength: 32 }) }, closed);
export const OidcLinkAnswer = Type.Object({
  url: Type.String({ description: 'Where to send the browser' }),
});

/** How an account can be signed in to. There are so few identities that there is only one page. */
export const IdentityList = Type.Object({
  ...pageOf(
    Type.Object({
      id: Type.String(),
      name: Type.String({ description: 'Of the issuer' }),
      email: Type.String({ description: 'As the issuer told it when it was linked' }),
      createdAt: Type.String({ format: 'date-time' }),
    }),
  ).properties,
  hasPassword: Type.Boolean(),
  providers: Type.Array(Provider, { description: 'Issuers that can be linked' }),
});
export const IdentityParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, closed);
