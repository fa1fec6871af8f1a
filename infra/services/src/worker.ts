import {
  findServices,
  keepSiteSecrets,
  observeServer,
  prolongInIndex,
  readSessions,
  register,
  sweepRegistry,
  takeCodes,
  workOnQueue,
} from '../../redis/src/grants.ts';
import type { Service } from './service.ts';

export const worker = {
  http: {
    port: 3002,
    internalPort: 9302,
    redis: {
      session: [readSessions, prolongInIndex, takeCodes, keepSiteSecrets],
      hub: [register('worker'), findServices],
      jobs: [workOnQueue('worker')],
    },
    secrets: ['session-encryption-keys', 'service-private-key'],
  },
  jobs: {
    internalPort: 9312,
    databaseRole: 'worker',
    redis: {
      hub: [register('worker'), findServices, sweepRegistry],
      jobs: [workOnQueue('worker'), observeServer],
    },
    secrets: [],
  },
  jobsRedis: { port: 6412, config: 'jobs.conf' },
} as const satisfies Service;
