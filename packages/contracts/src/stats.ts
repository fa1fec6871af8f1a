import Type, { type Static } from 'typebox';
import { nullable } from './nullable.ts';

const closed = { additionalProperties: false };

export const StatsQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Default: seven days before `to`' }),
    ),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now' })),
    interval: Type.Optional(
      Type.Union([Type.Literal('minute'), Type.Literal('hour'), Type.Literal('day')], {
        default: 'day',
      }),
    ),
    timezone: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'IANA name. Default: that of the session’s preferences, or else UTC',
      }),
    ),
  },
  closed,
);
export type StatsQuery = Static<typeof StatsQuery>;

const TopList = Type.Array(Type.Object({ value: Type.String(), clicks: Type.Integer() }));

/** `uniques` and `top` count whole UTC days that the range touches; the rest is exact to a quarter of an hour. */
export const LinkStats = Type.Object(
  {
    clicks: Type.Integer(),
    uniques: Type.Integer({ description: 'The sum of daily (UTC) unique visitors' }),
    bots: Type.Integer(),
    series: Type.Array(
      Type.Object({ time: Type.String({ format: 'date-time' }), clicks: Type.Integer() }),
    ),
    top: Type.Object({
      referrer: TopList,
      country: TopList,
      browser: TopList,
      os: TopList,
      device: TopList,
    }),
  },
  { $id: 'LinkStats' },
);
export type LinkStats = Static<typeof LinkStats>;

export const VisitorsQuery = Type.Object(
  {
    window: Type.Optional(
      Type.Union([Type.Literal('hour'), Type.Literal('day'), Type.Literal('week')], {
        default: 'day',
      }),
    ),
  },
  closed,
);

/** Different people over a window. One who comes on two days (UTC) is two: nobody can tell. */
export const LinkVisitors = Type.Object(
  {
    window: Type.String(),
    from: Type.String({ format: 'date-time', description: 'When the window begins' }),
    exact: Type.Integer({ description: 'Counted in PostgreSQL' }),
    estimated: nullable(
      Type.Integer({
        description: 'By HyperLogLog; null while the hub is away or being filled again',
      }),
    ),
    errorPercent: nullable(
      Type.Number({
        description: 'How far the estimate lies from the exact figure; below 0 it is too low',
      }),
    ),
  },
  { $id: 'LinkVisitors' },
);
export type LinkVisitors = Static<typeof LinkVisitors>;

export const LeaderboardQuery = Type.Object(
  {
    window: Type.Optional(
      Type.Union([Type.Literal('hour'), Type.Literal('day'), Type.Literal('week')], {
        default: 'day',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10 })),
  },
  closed,
);
export const Leaderboard = Type.Object({
  window: Type.String(),
  items: Type.Array(
    Type.Object({ slug: Type.String(), shortUrl: Type.String(), clicks: Type.Integer() }),
  ),
});
