import { SessionList, SessionParams } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import type { SessionStore } from '@shortstack/session';
import Type from 'typebox';
import { problems } from './problems.ts';

const tags = ['Accounts'];

/** A user's own sessions: where they are signed in, and ending that. */
export function sessionRoutes({ sessions }: { sessions: SessionStore }) {
  return async (app: AppServer) => {
    app.get(
      '/api/auth/sessions',
      {
        schema: { tags, summary: 'My sessions', response: { 200: SessionList, ...problems(401) } },
      },
      async (request) => {
        const { id: ownId, tag } = await request.session.require();
        const all = await sessions.list(tag);
        const items = all.map(({ id, createdAt, lastSeenAt, expiresAt, data }) => ({
          id,
          createdAt: createdAt.toISOString(),
          lastSeenAt: lastSeenAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          device: data.device ?? null,
          isCurrent: id === ownId,
        }));
        return { items, nextCursor: null };
      },
    );

    app.delete(
      '/api/auth/sessions/:id',
      {
        schema: {
          tags,
          summary: 'End one of my sessions',
          params: SessionParams,
          response: { 204: Type.Null(), ...problems(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { tag } = await request.session.require();
        if (await sessions.endById(tag, request.params.id)) return reply.code(204).send(null);
        throw new AppError('not_found', 'SESSION_NOT_FOUND', 'You have no such session.');
      },
    );

    app.delete(
      '/api/auth/sessions',
      {
        schema: {
          tags,
          summary: 'Sign out everywhere',
          response: { 204: Type.Null(), ...problems(401, 403) },
        },
      },
      async (request, reply) => {
        const { tag } = await request.session.require();
        await sessions.endAll(tag);
        request.session.clearCookie(reply);
        return reply.code(204).send(null);
      },
    );
  };
}
