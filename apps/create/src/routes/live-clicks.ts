import type { Readable } from 'node:stream';
import { LinkParams, LiveClicks } from '@shortstack/contracts';
import { AppError, unavailable } from '@shortstack/errors';
import { type AppServer, createEventStream, type EventStream } from '@shortstack/server';
import Type from 'typebox';
import type { StoredLink } from '../domain/link.ts';
import type { LiveClickFeed } from '../live-clicks.ts';
import { notFound } from './links.ts';
import { problems } from './problems.ts';

export interface LiveClickRoutesOptions {
  find(accountId: string, slug: string): Promise<StoredLink | null>;
  feed: LiveClickFeed;
  /** Streams at once: in this process (default 1,000), and per account (default 20). */
  maxStreams?: number;
  maxStreamsPerAccount?: number;
  /** How often it is checked that the caller may still look on, default 2,000. */
  checkMs?: number;
  /** Default 15,000. */
  heartbeatMs?: number;
}

/** A proxy waits so long at most, and whoever vanished without a word is forgotten. */
const maxAgeMs = 3_600_000;

const description = `Server-sent events, for as long as the caller is signed in, at most an hour at a time; browsers come back by themselves.
\`clicks\` shows clicks that were counted in the same moment. \`missed\` says that some were not shown: \`{"clicks": 12}\` because the
reader was too slow, \`{"clicks": null}\` because of an interruption. What is missed is not sent later; the statistics have it.`;

/** `GET /api/links/{slug}/live`: the owner looks on while clicks are counted. */
export function liveClickRoutes(options: LiveClickRoutesOptions) {
  const { feed, maxStreams = 1_000, maxStreamsPerAccount = 20 } = options;
  const { checkMs = 2_000, heartbeatMs = 15_000 } = options;
  const open = new Map<EventStream, string>();
  let isClosing = false;

  function assertRoom(accountId: string) {
    if (isClosing || open.size >= maxStreams) {
      throw unavailable('TOO_MANY_STREAMS', 'This instance shows as many live clicks as it can.');
    }
    const own = [...open.values()].filter((id) => id === accountId).length;
    if (own < maxStreamsPerAccount) return;
    throw new AppError('rate_limited', 'TOO_MANY_STREAMS', 'You look on at too many links.', {
      retryAfterSeconds: 10,
    });
  }

  return async (app: AppServer) => {
    app.addHook('preClose', (done) => {
      isClosing = true;
      for (const stream of open.keys()) stream.end();
      done();
    });

    app.get(
      '/api/links/:slug/live',
      {
        onRequest: app.requireScope('stats:read'),
        exposeHeadRoute: false,
        schema: {
          tags: ['Statistics'],
          summary: 'Clicks of a link as they are counted',
          description,
          params: LinkParams,
          response: {
            200: {
              description: 'Events',
              content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(LiveClicks) } },
            },
            ...problems(401, 403, 404, 429),
          },
        },
      },
      async (request, reply) => {
        const { accountId } = request.principal;
        const link = await options.find(accountId, request.params.slug);
        const { id } = link ?? notFound(request.params.slug);
        assertRoom(accountId);

        const stream = createEventStream();
        open.set(stream, accountId);
        let dropped = 0;
        const watching = await feed
          .watch(id, {
            onClicks(message) {
              if (dropped > 0 && stream.send('missed', { clicks: dropped })) dropped = 0;
              if (dropped > 0 || !stream.send('clicks', message)) {
                dropped += message.clicks.length + message.more;
              }
            },
            onMissed: () => void stream.send('missed', { clicks: null }),
          })
          .catch((error: unknown) => {
            open.delete(stream);
            throw error;
          });

        const heartbeat = setInterval(() => {
          if (!stream.beat()) stream.body.destroy();
        }, heartbeatMs);
        const check = setInterval(() => {
          void app.mayStill(request, 'stats:read').then((may) => may || stream.end());
        }, checkMs);
        const end = setTimeout(() => stream.end(), maxAgeMs);
        stream.body.once('close', () => {
          clearInterval(heartbeat);
          clearInterval(check);
          clearTimeout(end);
          watching.close();
          open.delete(stream);
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
