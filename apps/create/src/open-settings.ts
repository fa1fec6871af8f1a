import { parseRuntimeSettings, type RuntimeSettings, redisChannels } from '@shortstack/contracts';
import { createNotifier, followValue, type Subscriber } from '@shortstack/events';
import type { RedisConnection } from '@shortstack/redis';
import type { Logger, Tracing } from '@shortstack/telemetry';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { loadRuntimeSettings, updateRuntimeSettings } from './data/runtime-settings.ts';
import type { SettingsPorts } from './routes/settings.ts';

/** The runtime settings of this process: see `followValue`. Before the first successful reading they have their defaults. */
export function openSettings(options: {
  database: GuardedDatabase;
  hub: RedisConnection;
  subscriber: Subscriber;
  /** Follows `traceRatio`. */
  tracing: Tracing;
  logger: Logger;
}) {
  const { database, hub, subscriber, tracing, logger } = options;
  const { notify } = createNotifier({ redis: hub });
  const followed = followValue<RuntimeSettings>({
    load: () => loadRuntimeSettings(database),
    initial: parseRuntimeSettings(null),
    subscriber,
    channel: redisChannels.settingsChanged,
    onChange(settings) {
      logger.info({ settings }, 'runtime settings changed');
      void tracing.setRatio(settings.traceRatio);
    },
    onError: (err) => logger.debug({ err }, 'runtime settings were not read'),
  });
  const ports: SettingsPorts = {
    load: () => loadRuntimeSettings(database),
    async update(accountId, changes) {
      const settings = await updateRuntimeSettings(database, accountId, changes);
      const announced = notify(redisChannels.settingsChanged, {
        changedAt: new Date().toISOString(),
      });
      // The others find it by themselves within 5 s.
      await Promise.all([followed.refresh(), announced.catch(() => {})]);
      return settings;
    },
  };
  return {
    current: () => followed.current,
    refresh: followed.refresh,
    ports,
    close: followed.close,
  };
}
