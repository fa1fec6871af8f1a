import { advertisedUrl } from '@shortstack/config';
import { type ProcessLife, startProcessGroup } from '@shortstack/server';
import { createLogger, createMetrics } from '@shortstack/telemetry';
import type { HttpConfig } from './config.ts';

/** The internal listeners of the processes stand apart from those of other services on the same machine. */
const firstInternalPort = 20;

/** Opens REDIRECT_PROCESSES HTTP processes that share PORT: each is an instance of its own, `<INSTANCE_ID>.<number>`. */
export async function startGroup(config: HttpConfig, life: ProcessLife): Promise<void> {
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'redirect', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'redirect', instanceId });
  life.onClose('metrics', () => metrics.close());

  function environmentOf(number: number) {
    const internalPort = config.INTERNAL_PORT + firstInternalPort + number - 1;
    const url = new URL(advertisedUrl(config));
    url.port = `${internalPort}`;
    return {
      INSTANCE_ID: `${instanceId}.${number}`,
      INTERNAL_PORT: `${internalPort}`,
      ADVERTISE_URL: url.origin,
    };
  }
  await startProcessGroup(
    {
      processes: config.REDIRECT_PROCESSES,
      instanceId,
      host: config.HOST,
      port: config.PORT,
      internalHost: config.INTERNAL_HOST,
      internalPort: config.INTERNAL_PORT,
      environmentOf,
      logger,
      metrics,
    },
    life,
  );
  logger.info({ port: config.PORT, processes: config.REDIRECT_PROCESSES }, 'redirect is ready');
}
