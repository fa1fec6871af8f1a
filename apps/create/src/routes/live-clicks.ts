import type { Readable } from 'node:stream';
import { LinkParams, LiveClicks } from '@shortstack/contracts';
import { type AppServer, createEventStreams } from '@shortstack/server';
import Type from 'typebox';
import type { StoredLink } from '../domain/link.ts';
import type { LiveClickFeed } from '../live-clicks.ts';
import { notFound } from './links.ts';
import { problems } from './problems.ts';

export interface LiveClickRoutesOptions {
  find: (accountId: string, slug: string) => Promise<StoredLink | null>;
  feed: LiveClickFeed;
}

/** How often it is checked that the reader may still look on. */
const checkMs = 2_000;

const description = `Server-sent events, for as long as the caller is signed in, at most an hour at a time; browsers come back by themselves.
\`clicks\` shows clicks that were counted in the same moment. \`missed\` says that some were not shown: \`{"clicks": 12}\` because the
reader was too slow, \`{"clicks": null}\` because of an interruption. What is missed is not sent later; the statistics have it.`;

/** `GET /api/links/{slug}/live`: the owner looks on while clicks are counted. */
export function liveClickRoutes({ find, feed }: LiveClickRoutesOptions) {
  const streams = createEventStreams({ maxStreams: 1_000, maxStreamsPerAccount: 20 });

  return async (app: AppServer) => {
    app.addHook('preClose', async () => streams.close());

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
        const link = await find(accountId, request.params.slug);
        const { id } = link ?? notFound(request.params.slug);
        const stream = streams.open(accountId);
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
            stream.abandon();
            throw error;
          });
        stream.onClose(() => watching.close());
        stream.every(checkMs, () => {
          void app.mayStill(request, 'stats:read').then((may) => may || stream.end());
        });
        return stream.sendBy(reply);
      },
    );
  };
}
