import type { OperationsOverview } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { type AppServer, createEventStreams } from '@shortstack/server';
import type { FastifyRequest } from 'fastify';
import type { SharedSnapshots } from '../share-snapshots.ts';
import type { requireAdmin } from './require-admin.ts';

export interface LiveOverviewOptions {
  onlyAdmins: ReturnType<typeof requireAdmin>;
  readAdmin: (request: FastifyRequest) => Promise<boolean>;
  snapshots: SharedSnapshots<OperationsOverview>;
}

/** How often it is checked that the admin is still signed in: the page leaves within a second. */
const checkMs = 250;

/**
 * `GET /ops/system/live`: the overview as server-sent events (`system`), for as long as the admin is signed in (then `ended`), an hour at most;
 * browsers come back by themselves. An outage of the session Redis ends no stream. @throws AppError `TOO_MANY_STREAMS`
 */
export function liveOverview(app: AppServer, options: LiveOverviewOptions): void {
  const { onlyAdmins, readAdmin, snapshots } = options;
  const streams = createEventStreams({ maxStreams: 50 });

  async function mayStill(request: FastifyRequest): Promise<boolean> {
    try {
      return await readAdmin(request);
    } catch (error) {
      return error instanceof AppError && error.kind === 'unavailable';
    }
  }

  app.addHook('preClose', async () => streams.close());

  app.get(
    '/ops/system/live',
    { onRequest: onlyAdmins, exposeHeadRoute: false, schema: {} },
    (request, reply) => {
      const stream = streams.open();
      stream.onClose(snapshots.watch((snapshot) => void stream.send('system', snapshot)));
      stream.every(checkMs, () => {
        void mayStill(request).then((may) => {
          if (may) return;
          stream.send('ended', {});
          stream.end();
        });
      });
      return stream.sendBy(reply);
    },
  );
}
