import { type UniqueVisitors, windowBuckets } from '@shortstack/analytics';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { countUniqueVisitors } from './data/unique-visitors.ts';
import type { LinkVisitorsPorts } from './domain/link-visitors.ts';

/** Joins unique visitors to the hub's estimates and to PostgreSQL, both over the same window. */
export function linkVisitorsPorts(
  database: GuardedDatabase,
  hub: UniqueVisitors,
  now: () => Date,
): LinkVisitorsPorts {
  return {
    windowStart: (window) => new Date(Math.min(...windowBuckets(window, now().getTime()).starts)),
    async estimate(linkId, window) {
      if (await hub.needsRebuild()) return null;
      return hub.count({ subject: `${linkId}`, window });
    },
    count: (linkId, window, since) => countUniqueVisitors(database, linkId, window, since),
  };
}
