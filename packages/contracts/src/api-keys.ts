import Type, { type Static } from 'typebox';
import { pageOf, pageQuery } from './lists.ts';
import { nullable } from './nullable.ts';

export const Scope = Type.Union([
  Type.Literal('links:read'),
  Type.Literal('links:write'),
  Type.Literal('stats:read'),
  Type.Literal('webhooks:write'),
]);
export type Scope = Static<typeof Scope>;

export const CreateApiKeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 4, uniqueItems: true }),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);
export type CreateApiKeyBody = Static<typeof CreateApiKeyBody>;

const fields = {
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Scope),
  prefix: Type.String({ description: 'The first characters of the key' }),
  expiresAt: nullable(Type.String({ format: 'date-time' })),
  createdAt: Type.String({ format: 'date-time' }),
};
export const ApiKey = Type.Object(fields, { $id: 'ApiKey' });
export type ApiKey = Static<typeof ApiKey>;

export const CreatedApiKey = Type.Object({
  ...fields,
  key: Type.String({ description: 'Shown this once' }),
});
export const ApiKeyParams = Type.Object(
  { id: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
);
export const ListApiKeysQuery = Type.Object(pageQuery, { additionalProperties: false });
export const ApiKeyPage = pageOf(ApiKey);
