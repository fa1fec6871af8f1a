/** Keys and streams that more than one service touches. Keys of one service are built in that service. */
export const redisKeys = {
  /** L2 entry of a link, in the cache Redis. TTL: the cache's. */
  link: (slug: string) => `redirect:link:${slug}`,
  /** The event stream, in the hub. Bounded by what every group has read. */
  events: 'hub:events',
  /** Click batches, in redirect's jobs Redis. Bounded: past the limit batches go to the spool. */
  clicks: 'redirect:clicks',
} as const;

/** The one queue of each service, in its own jobs Redis. */
export const queueNames = {
  create: 'create-work',
  redirect: 'redirect-work',
  worker: 'worker-work',
} as const;

/** Where the board of a service's queue is: at worker for the public, and on the internal listener of the service's jobs process. */
export function queueBoardPath(service: string): `/ops/queues/${string}` {
  return `/ops/queues/${service}`;
}
