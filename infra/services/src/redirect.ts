import {
  cacheLinks,
  callEcho,
  countClicks,
  findServices,
  hear,
  hearEvents,
  keepSiteSecrets,
  observeServer,
  prolongInIndex,
  readSessions,
  recordClicks,
  register,
  showClicks,
  takeCodes,
  workOnQueue,
  writeLeaderboards,
  writeVisitors,
} from '../../redis/src/grants.ts';
import type { Service } from './service.ts';

export const redirect = {
  http: {
    port: 3001,
    internalPort: 9301,
    databaseRole: 'redirect',
    redis: {
      session: [readSessions, prolongInIndex, takeCodes, keepSiteSecrets],
      hub: [register('redirect'), findServices, hearEvents, hear('settings:changed'), callEcho],
      cache: [cacheLinks],
      jobs: [recordClicks],
    },
    secrets: ['session-encryption-keys', 'unlock-secret'],
  },
  jobs: {
    internalPort: 9311,
    databaseRole: 'redirectJobs',
    redis: {
      hub: [register('redirect'), findServices, writeLeaderboards, writeVisitors, showClicks],
      cache: [cacheLinks],
      jobs: [countClicks, workOnQueue('redirect'), observeServer],
    },
    secrets: [],
  },
  jobsRedis: { port: 6411, config: 'jobs-redirect.conf' },
} as const satisfies Service;
