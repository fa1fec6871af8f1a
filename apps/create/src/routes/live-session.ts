import type { Readable } from 'node:stream';
import { AppError, unavailable } from '@shortstack/errors';
import { type AppServer, createEventStream, type EventStream } from '@shortstack/server';
import type { SessionWatch } from '@shortstack/session';
import Type from 'typebox';
import { problems } from './problems.ts';

export interface LiveSessionRoutesOptions {
  watch: SessionWatch;
  /** Streams at once: in this process (default 5,000), and per account (default 50). */
  maxStreams?: number;
  maxStreamsPerAccount?: number;
  /** Default 15,000. */
  heartbeatMs?: number;
}

/** A proxy waits so long at most, and whoever vanished without a word is forgotten. */
const maxAgeMs = 3_600_000;

const description = `Server-sent events, at most an hour at a time; browsers come back by themselves, and get 401 if the session has ended meanwhile. \`ended\`
tells within a second that the session was ended, in whatever service and by whomever; then the stream ends. Looking on doesn't prolong the session.`;

/** `GET /api/auth/live`: every open page learns that its session has ended. */
export function liveSessionRoutes(options: LiveSessionRoutesOptions) {
  const { watch, maxStreams = 5_000, maxStreamsPerAccount = 50, heartbeatMs = 15_000 } = options;
  const open = new Set<EventStream>();
  const perAccount = new Map<string, number>();
  let isClosing = false;

  function assertRoom(accountId: string) {
    if (isClosing || open.size >= maxStreams) {
      throw unavailable('TOO_MANY_STREAMS', 'This instance has as many open pages as it can.', {
        retryAfterSeconds: 10,
      });
    }
    if ((perAccount.get(accountId) ?? 0) < maxStreamsPerAccount) return;
    throw new AppError('rate_limited', 'TOO_MANY_STREAMS', 'You have too many pages open.', {
      retryAfterSeconds: 10,
    });
  }

  function count(accountId: string, change: 1 | -1) {
    const number = (perAccount.get(accountId) ?? 0) + change;
    if (number === 0) perAccount.delete(accountId);
    else perAccount.set(accountId, number);
  }

  return async (app: AppServer) => {
    app.addHook('preClose', (done) => {
      isClosing = true;
      for (const stream of open) stream.end();
      done();
    });

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
        assertRoom(session.userId);
        const stream = createEventStream();
        open.add(stream);
        count(session.userId, 1);
        const watching = watch.watch(session, () => {
          stream.send('ended', {});
          stream.end();
        });
        const heartbeat = setInterval(() => {
          if (!stream.beat()) stream.body.destroy();
        }, heartbeatMs);
        const end = setTimeout(() => stream.end(), maxAgeMs);
        stream.body.once('close', () => {
          clearInterval(heartbeat);
          clearTimeout(end);
          watching.close();
          open.delete(stream);
          count(session.userId, -1);
        });
        return (
          reply
            .header('content-type', 'text/event-stream; charset=utf-8')
            .header('cache-control', 'no-store')
            // nginx hands it on as it comes.
            .header('x-accel-buffering', 'no')
            .send(stream.body)
        );
      },
    );
  };
}
