import type { RedisConnection } from '@shortstack/redis';
import { currentTraceparent } from '@shortstack/telemetry';
import type { OpenProcess } from '@shortstack/wiring';
import type { HttpConfig } from '../config.ts';
import { createClickBatcher } from './click-batcher.ts';
import { createClickStream } from './click-stream.ts';
import type { Failpoint } from './failpoint.ts';
import { observeClickStores } from './observe-click-stores.ts';
import { createSpoolWriter } from './spool-writer.ts';
import { storeClicks } from './store-clicks.ts';
import { traceBatches } from './trace-batches.ts';

/** Where clicks go: batches, to the stream of the local Redis, or else to the spool on disk. */
export async function openClicks(options: {
  process: OpenProcess;
  config: HttpConfig;
  /** redirect's local Redis. */
  jobs: RedisConnection;
  failpoint: Failpoint | undefined;
}) {
  const { process, config, jobs, failpoint } = options;
  const { life, logger, metrics, tracing } = process;
  const failpoints = failpoint === undefined ? {} : { failpoint };
  const spool = await createSpoolWriter({
    directory: config.SPOOL_DIRECTORY,
    maxBytes: config.SPOOL_MAX_BYTES,
    ...failpoints,
  });
  life.onClose('spool', () => spool.close());
  const stream = createClickStream({ redis: jobs, maxBytes: config.CLICK_STREAM_MAX_BYTES });
  life.onClose('click stream', () => stream.close());
  observeClickStores({ config, metrics, stream, spool });
  const clicks = createClickBatcher({
    store: traceBatches(tracing, storeClicks(stream, spool)),
    currentTrace: () => (tracing.isOn ? currentTraceparent() : undefined),
    ...failpoints,
    onDropped: (count, error) =>
      logger.error(
        { err: error, clicks: count },
        'clicks were dropped: neither Redis nor the disk takes them',
      ),
  });
  life.onClose('clicks', () => clicks.drain());
  return { clicks, spool };
}
