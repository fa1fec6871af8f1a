import {
  Leaderboard,
  LeaderboardQuery,
  LinkParams,
  LinkStats,
  LinkVisitors,
  StatsQuery,
  VisitorsQuery,
} from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import { type StoredLink, shortUrlOf } from '../domain/link.ts';
import { type StatsRange, statsRange } from '../domain/stats-range.ts';
import type {} from '../session-data.ts';
import { notFound } from './links.ts';
import { problems } from './problems.ts';

export interface StatsRoutesOptions {
  find(accountId: string, slug: string): Promise<StoredLink | null>;
  readStats(linkId: number, range: StatsRange): Promise<LinkStats>;
  readVisitors(linkId: number, window: 'hour' | 'day' | 'week'): Promise<LinkVisitors>;
  readLeaderboard(
    accountId: string,
    window: 'hour' | 'day' | 'week',
    limit: number,
  ): Promise<{ slug: string; clicks: number }[]>;
  shortOrigin: string;
  now(): Date;
}

const tags = ['Statistics'];

/** What was counted: of one link, and which links are followed most. */
export function statsRoutes(options: StatsRoutesOptions) {
  return async (app: AppServer) => {
    app.get(
      '/api/links/:slug/stats',
      {
        onRequest: app.requireScope('stats:read'),
        schema: {
          tags,
          summary: 'Statistics of a link',
          description:
            'Clicks of people in [from, to) by minute (at most 24 h), hour or day of the time zone, at most 2,000 points. By hour and day the range begins on a quarter of an hour. `clicks` are people, `bots` the rest.',
          params: LinkParams,
          querystring: StatsQuery,
          response: { 200: LinkStats, ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params, query, session }) => {
        const signedIn = principal.key === null ? await session.read() : null;
        const range = statsRange(query, options.now(), signedIn?.data.timezone);
        const link = await options.find(principal.accountId, params.slug);
        return options.readStats((link ?? notFound(params.slug)).id, range);
      },
    );

    app.get(
      '/api/links/:slug/visitors',
      {
        onRequest: app.requireScope('stats:read'),
        schema: {
          tags,
          summary: 'Unique visitors of a link',
          description:
            'In the last 60 to 75 minutes, 24 to 25 hours, or 7 to 8 days: the exact figure, an estimate by HyperLogLog (standard error 0.81 %), and the error that it has just now.',
          params: LinkParams,
          querystring: VisitorsQuery,
          response: { 200: LinkVisitors, ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params, query }) => {
        const link = await options.find(principal.accountId, params.slug);
        const { id } = link ?? notFound(params.slug);
        return options.readVisitors(id, query.window ?? 'day');
      },
    );

    app.get(
      '/api/leaderboard',
      {
        onRequest: app.requireScope('stats:read'),
        schema: {
          tags,
          summary: 'My most followed links',
          description: 'In the last 60 to 75 minutes, 24 to 25 hours, or 7 to 8 days.',
          querystring: LeaderboardQuery,
          response: { 200: Leaderboard, ...problems(401, 403) },
        },
      },
      async ({ principal, query }) => {
        const { window = 'day', limit = 10 } = query;
        const top = await options.readLeaderboard(principal.accountId, window, limit);
        const items = top.map(({ slug, clicks }) => ({
          slug,
          shortUrl: shortUrlOf(slug, options.shortOrigin),
          clicks,
        }));
        return { window, items };
      },
    );
  };
}
