import type { OperationsOverview } from '@shortstack/contracts';
import { AppError, unavailable } from '@shortstack/errors';
import { type AppServer, createEventStream, type EventStream } from '@shortstack/server';
import type { FastifyRequest } from 'fastify';
import type { SharedSnapshots } from '../share-snapshots.ts';
import type { requireAdmin } from './require-admin.ts';

export interface LiveOverviewOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  readAdmin: (request: FastifyRequest) => Promise<boolean>;
  snapshots: SharedSnapshots<OperationsOverview>;
  /** Streams at once in this process. Default 50. */
  maxStreams?: number;
  /** How often it is checked that the admin is still signed in: the page leaves within a second. Default 250. */
  checkMs?: number;
  /** Default 15,000. */
  heartbeatMs?: number;
}

/** A proxy waits so long at most, and whoever vanished without a word is forgotten. */
const maxAgeMs = 3_600_000;

/**
 * `GET /ops/system/live`: the overview as server-sent events (`system`), for as long as the admin is signed in (then `ended`), an hour at most;
 * browsers come back by themselves. An outage of the session Redis ends no stream. @throws AppError `TOO_MANY_STREAMS`
 */
export function liveOverview(app: AppServer, options: LiveOverviewOptions): void {
  const { onlyAdmins, readAdmin, snapshots } = options;
  const { maxStreams = 50, checkMs = 250, heartbeatMs = 15_000 } = options;
  const open = new Set<EventStream>();
  let isClosing = false;

  async function mayStill(request: FastifyRequest): Promise<boolean> {
    try {
      return await readAdmin(request);
    } catch (error) {
      return error instanceof AppError && error.kind === 'unavailable';
    }
  }

  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const stream of open) stream.end();
    done();
  });

  app.get(
    '/ops/system/live',
    { onRequest: onlyAdmins, exposeHeadRoute: false, schema: {} },
    (request, reply) => {
      if (isClosing || open.size >= maxStreams) {
        throw unavailable('TOO_MANY_STREAMS', 'This instance is looked at as often as it can be.');
      }
      const stream = createEventStream();
      open.add(stream);
      const stopWatching = snapshots.watch((snapshot) => void stream.send('system', snapshot));
      const heartbeat = setInterval(() => {
        if (!stream.beat()) stream.body.destroy();
      }, heartbeatMs);
      const check = setInterval(() => {
        void mayStill(request).then((may) => {
          if (may) return;
          stream.send('ended', {});
          stream.end();
        });
      }, checkMs);
      const end = setTimeout(() => stream.end(), maxAgeMs);
      stream.body.once('close', () => {
        clearInterval(heartbeat);
        clearInterval(check);
        clearTimeout(end);
        stopWatching();
        open.delete(stream);
      });
      return (
        reply
          .header('content-type', 'text/event-stream; charset=utf-8')
          // nginx hands it on as it comes.
          .header('x-accel-buffering', 'no')
          .send(stream.body)
      );
    },
  );
}
