import {
  type ApiKey,
  ApiKeyPage,
  ApiKeyParams,
  CreateApiKeyBody,
  CreatedApiKey,
  ListApiKeysQuery,
  type Scope,
} from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import { newApiKey, type StoredApiKey } from '../domain/api-key.ts';
import { parseFutureInstant } from '../domain/instant.ts';
import { decodeCursor, encodeCursor } from '../domain/list-cursor.ts';
import { validationFailed } from '../domain/validation-failed.ts';
import { problems } from './problems.ts';

export interface ApiKeyRoutesOptions {
  insert: (
    key: Omit<StoredApiKey, 'id' | 'createdAt'> & { keyHash: string },
  ) => Promise<StoredApiKey>;
  /** The newest first, from beyond the given one. */
  list: (
    accountId: string,
    limit: number,
    after: { createdAt: string; id: string } | null,
  ) => Promise<StoredApiKey[]>;
  /** Returns the hash of the deleted key; null where there is no such key. */
  remove: (accountId: string, id: string) => Promise<string | null>;
  /** The key with this hash is to be refused from now on. */
  forget: (keyHash: string) => void;
  now: () => Date;
}

const tags = ['API keys'];
const sort = 'newest';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A user's API keys. Only a session may manage them, so that a key can't make itself a better one. */
export function apiKeyRoutes({ insert, list, remove, forget, now }: ApiKeyRoutesOptions) {
  return async (app: AppServer) => {
    app.post(
      '/api/keys',
      {
        onRequest: app.requireSignIn,
        schema: {
          tags,
          summary: 'Create an API key',
          description: 'The key is in this answer and never shown again.',
          body: CreateApiKeyBody,
          response: { 201: CreatedApiKey, ...problems(401, 403, 413, 415) },
        },
      },
      async ({ principal, body }, reply) => {
        const name = body.name.trim();
        if (name === '') throw validationFailed([{ path: '/name', message: 'must not be blank' }]);
        const { expiresAt } = body;
        const { key, prefix, keyHash } = newApiKey();
        const stored = await insert({
          accountId: principal.accountId,
          name,
          scopes: body.scopes,
          prefix,
          keyHash,
          expiresAt:
            expiresAt === undefined ? null : parseFutureInstant(expiresAt, '/expiresAt', now()),
        });
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({ ...present(stored), key });
      },
    );

    app.get(
      '/api/keys',
      {
        onRequest: app.requireSignIn,
        schema: {
          tags,
          summary: 'My API keys',
          querystring: ListApiKeysQuery,
          response: { 200: ApiKeyPage, ...problems(401, 403) },
        },
      },
      async ({ principal, query }) => {
        const { limit = 20 } = query;
        const keys = await list(principal.accountId, limit + 1, readCursor(query.cursor));
        const last = keys.length > limit ? keys[limit - 1] : undefined;
        const nextCursor = last
          ? encodeCursor({ sort, keys: [last.createdAt.toISOString(), last.id] })
          : null;
        return { items: keys.slice(0, limit).map(present), nextCursor };
      },
    );

    app.delete(
      '/api/keys/:id',
      {
        onRequest: app.requireSignIn,
        schema: {
          tags,
          summary: 'Delete an API key',
          description: 'It stops working within 5 seconds.',
          params: ApiKeyParams,
          response: { 204: Type.Null(), ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params }, reply) => {
        const keyHash = await remove(principal.accountId, params.id);
        if (keyHash === null) {
          throw new AppError('not_found', 'API_KEY_NOT_FOUND', 'You have no such API key.');
        }
        forget(keyHash);
        return reply.code(204).send(null);
      },
    );
  };
}

function present({ id, name, scopes, prefix, expiresAt, createdAt }: StoredApiKey): ApiKey {
  return {
    id,
    name,
    scopes: scopes as Scope[],
    prefix,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

/** A cursor names a time and a key; whoever forges one must still name such, or PostgreSQL would refuse it. */
function readCursor(cursor: string | undefined): { createdAt: string; id: string } | null {
  if (cursor === undefined) return null;
  const [createdAt, id] = decodeCursor(cursor, sort, ['string', 'string']).keys;
  const instant = new Date(String(createdAt));
  const year = instant.getUTCFullYear();
  if (year >= 1 && year <= 9999 && uuid.test(String(id))) {
    return { createdAt: instant.toISOString(), id: String(id) };
  }
  throw validationFailed([{ path: '/cursor', message: 'must be a nextCursor of the same list' }]);
}
