import {
  announceEnds,
  announceSettings,
  cacheStats,
  callEcho,
  consumeEvents,
  findServices,
  hear,
  keepSessions,
  limitRates,
  observeServer,
  publishEvents,
  readLeaderboards,
  readVisitors,
  register,
  watchClicks,
  workOnQueue,
  writeLinks,
} from '../../redis/src/grants.ts';
import type { Service } from './service.ts';

export const create = {
  http: {
    port: 3000,
    internalPort: 9300,
    databaseRole: 'create',
    redis: {
      session: [keepSessions, announceEnds, hear('session:ended'), callEcho],
      hub: [
        ...[register('create'), findServices, limitRates, readLeaderboards, readVisitors],
        ...[watchClicks, announceSettings, hear('settings:changed', 'clicks:live:*'), callEcho],
      ],
      cache: [writeLinks, cacheStats],
    },
    secrets: ['session-encryption-keys', 'service-private-key', 'oidc-providers'],
  },
  jobs: {
    internalPort: 9310,
    databaseRole: 'create',
    redis: {
      hub: [register('create'), findServices, publishEvents, consumeEvents('create-metadata')],
      jobs: [workOnQueue('create'), observeServer],
    },
    secrets: ['service-private-key'],
  },
  jobsRedis: { port: 6410, config: 'jobs.conf' },
} as const satisfies Service;
