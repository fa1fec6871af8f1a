import {
  announceEnds,
  announceSettings,
  cacheLinks,
  cacheStats,
  callEcho,
  consumeEvents,
  countClicks,
  findServices,
  type Grant,
  hear,
  hearEvents,
  keepSessions,
  keepSiteSecrets,
  limitRates,
  observeServer,
  prolongInIndex,
  publishEvents,
  readLeaderboards,
  readSessions,
  readVisitors,
  recordClicks,
  register,
  showClicks,
  sweepRegistry,
  takeCodes,
  watchClicks,
  workOnQueue,
  writeLeaderboards,
  writeLinks,
  writeVisitors,
} from './grants.ts';

export type RedisName =
  | 'session'
  | 'hub'
  | 'cache'
  | 'jobs-create'
  | 'jobs-redirect'
  | 'jobs-worker';

/** A user per kind of process. */
export type ServiceUser =
  | 'create'
  | 'create-jobs'
  | 'redirect'
  | 'redirect-jobs'
  | 'worker'
  | 'worker-jobs';

/** Besides the services: `admin` may do everything and is for people, `health` may PING and is for health checks. */
export type RedisUser = ServiceUser | 'admin' | 'health';

/**
 * Who may do what on which server. A process that is not named has no user there and can't connect.
 * After a change: `npm run redis:acl` writes the files in `acl/`.
 */
export const redisUsers: Record<RedisName, Partial<Record<ServiceUser, readonly Grant[]>>> = {
  session: {
    create: [keepSessions, announceEnds, hear('session:ended'), callEcho],
    redirect: [readSessions, prolongInIndex, takeCodes, keepSiteSecrets],
    worker: [readSessions, prolongInIndex, takeCodes, keepSiteSecrets],
  },
  hub: {
    create: [
      ...[register('create'), findServices, limitRates, readLeaderboards, readVisitors],
      ...[watchClicks, announceSettings, hear('settings:changed', 'clicks:live:*'), callEcho],
    ],
    'create-jobs': [
      register('create'),
      findServices,
      publishEvents,
      consumeEvents('create-metadata'),
    ],
    redirect: [register('redirect'), findServices, hearEvents, hear('settings:changed'), callEcho],
    'redirect-jobs': [
      register('redirect'),
      findServices,
      writeLeaderboards,
      writeVisitors,
      showClicks,
    ],
    worker: [register('worker'), findServices],
    'worker-jobs': [register('worker'), findServices, sweepRegistry],
  },
  cache: {
    create: [writeLinks, cacheStats],
    redirect: [cacheLinks],
    'redirect-jobs': [cacheLinks],
  },
  'jobs-create': {
    'create-jobs': [workOnQueue('create'), observeServer],
  },
  'jobs-redirect': {
    redirect: [recordClicks],
    'redirect-jobs': [countClicks, workOnQueue('redirect'), observeServer],
  },
  'jobs-worker': {
    worker: [workOnQueue('worker')],
    'worker-jobs': [workOnQueue('worker'), observeServer],
  },
};

export const redisNames = Object.keys(redisUsers) as RedisName[];

/** The services' users on a server. */
export function serviceUsers(server: RedisName): ServiceUser[] {
  return Object.keys(redisUsers[server]) as ServiceUser[];
}
