import { type Leaderboard, windowBuckets } from '@shortstack/analytics';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { ownSlugs, readTopLinks } from './data/leaderboard.ts';
import type { LinkBoardPorts } from './domain/link-board.ts';

/** Joins the leaderboard to the hub's boards and to PostgreSQL, both over the same window. */
export function linkBoardPorts(
  database: GuardedDatabase,
  hub: Leaderboard,
  now: () => Date,
): LinkBoardPorts {
  return {
    async topOfHub(accountId, window, limit) {
      const entries = await hub.top({ board: accountId, window, limit });
      return entries.map(({ member, score }) => ({ slug: member, clicks: score }));
    },
    hubIsIncomplete: () => hub.needsRebuild(),
    topOfDatabase(accountId, window, limit) {
      const { starts } = windowBuckets(window, now().getTime());
      return readTopLinks(database, accountId, new Date(Math.min(...starts)), limit);
    },
    ownSlugs: (accountId, slugs) => ownSlugs(database, accountId, slugs),
  };
}
