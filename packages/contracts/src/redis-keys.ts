/** Keys and streams that more than one service touches. Keys of one service are built in that service. */
export const redisKeys = {
  /** L2 entry of a link, in the cache Redis. TTL: the cache's. */
  link: (slug: string) => `redirect:link:${slug}`,
  /** The event stream, in the hub. Bounded by what every group has read. */
  events: 'hub:events',
  /** Click batches, in redirect's jobs Redis. Bounded: past the limit batches go to the spool. */
  clicks: 'redirect:clicks',
  /** Watch list of the links whose clicks somebody looks on at, in the hub. TTL: the watchers'. Bounded in members. */
  watchedLinks: 'clicks:live:watched',
} as const;

/** Channels of the hub's pub/sub, for what may be lost. */
export const redisChannels = {
  /** `LiveClicks` of a link, while it is on the watch list. */
  liveClicks: (linkId: number | string) => `clicks:live:${linkId}`,
  /** `SettingsChanged`: the runtime settings are to be read again. */
  settingsChanged: 'settings:changed',
} as const;

/** The one queue of each service, in its own jobs Redis. */
export const queueNames = {
  create: 'create-work',
  redirect: 'redirect-work',
  worker: 'worker-work',
  // `turbo gen service` adds queues above this line.
} as const;

/** Where the board of a service's queue is: at worker for the public, and on the internal listener of the service's jobs process. */
export function queueBoardPath(service: string): `/ops/queues/${string}` {
  return `/ops/queues/${service}`;
}
