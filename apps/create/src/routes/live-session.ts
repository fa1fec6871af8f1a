import type { Readable } from 'node:stream';
import { type AppServer, createEventStreams } from '@shortstack/server';
import type { SessionWatch } from '@shortstack/session';
import Type from 'typebox';
import { problems } from './problems.ts';

const description = `Server-sent events, at most an hour at a time; browsers come back by themselves, and get 401 if the session has ended meanwhile. \`ended\`
tells within a second that the session was ended, in whatever service and by whomever; then the stream ends. Looking on doesn't prolong the session.`;

/** `GET /api/auth/live`: every open page learns that its session has ended. */
export function liveSessionRoutes(watch: SessionWatch) {
  const streams = createEventStreams({ maxStreams: 5_000, maxStreamsPerAccount: 50 });

  return async (app: AppServer) => {
    app.addHook('preClose', async () => streams.close());

    app.get(
      '/api/auth/live',
      {
        exposeHeadRoute: false,
        schema: {
          tags: ['Accounts'],
          summary: 'When my session ends',
          description,
          response: {
            200: {
              description: 'Events',
              content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(Type.String()) } },
            },
            ...problems(401, 429),
          },
        },
      },
      async (request, reply) => {
        const session = await request.session.require();
        const stream = streams.open(session.userId);
        const watching = watch.watch(session, () => {
          stream.send('ended', {});
          stream.end();
        });
        stream.onClose(() => watching.close());
        return stream.sendBy(reply);
      },
    );
  };
}
