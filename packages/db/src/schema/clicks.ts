import {
  bigint,
  boolean,
  customType,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from '../drizzle.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const int8multirange = customType<{ data: string }>({ dataType: () => 'int8multirange' });

/** Raw clicks, one daily partition each, dropped by retention. Written by redirect-jobs. */
export const clicks = pgTable(
  'clicks',
  {
    clickedAt: timestamp('clicked_at', { withTimezone: true }).notNull(),
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    requestId: text('request_id').notNull(),
    /** Salted hash that changes each day; null when the day's salt is gone. */
    visitor: bigint({ mode: 'bigint' }),
    isBot: boolean('is_bot').notNull(),
    referrer: text(),
    country: text(),
    browser: text(),
    os: text(),
    device: text(),
  },
  (table) => [index('clicks_link_id_clicked_at_idx').on(table.linkId, table.clickedAt)],
);

/** Who has already been counted as a unique visitor of a link on a day. Daily partitions, kept for three days. */
export const dailyVisitors = pgTable(
  'daily_visitors',
  {
    day: date().notNull(),
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    visitor: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.linkId, table.visitor] })],
);

/**
 * Clicks by minute. Daily partitions, kept as long as raw clicks. A quarter of an hour of which the minutes don't add up to what
 * `linkQuarters` says was counted in part before this table existed, or by a process that doesn't know it.
 */
export const linkMinutes = pgTable(
  'link_minutes',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    minuteAt: timestamp('minute_at', { withTimezone: true }).notNull(),
    clicks: integer().notNull(),
    bots: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.minuteAt] })],
);

/** Clicks by quarter of an hour: exact in every time zone. */
export const linkQuarters = pgTable(
  'link_quarters',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    quarterAt: timestamp('quarter_at', { withTimezone: true }).notNull(),
    clicks: integer().notNull(),
    bots: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.quarterAt] })],
);

/** Clicks and unique visitors by UTC day. */
export const linkDays = pgTable(
  'link_days',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    day: date().notNull(),
    clicks: integer().notNull(),
    bots: integer().notNull(),
    uniques: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.day] })],
);

/** Clicks by UTC day and one value of one dimension (`clickDimensions`): a hundred values at most, and `other`. */
export const linkDimensions = pgTable(
  'link_dimensions',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    day: date().notNull(),
    dimension: smallint().notNull(),
    value: text().notNull(),
    clicks: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.day, table.dimension, table.value] })],
);

/**
 * What `linkDimensions` adds up to from the first of a month (UTC) until the end of a day in it, for busy links, all in one row: three
 * arrays side by side. Made by worker after the fact, and true as long as `clicks` is the sum that `linkDays` gives: clicks that arrive
 * later make it untrue.
 */
export const linkMonthsToDate = pgTable(
  'link_months_to_date',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    /** The last one that is in it. */
    day: date().notNull(),
    clicks: bigint({ mode: 'number' }).notNull(),
    dimensions: smallint().array().notNull(),
    values: text().array().notNull(),
    valueClicks: bigint('value_clicks', { mode: 'number' }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.day] })],
);

/** Unused: the version before reads and writes it, so the next one may drop it. `linkMonthsToDate` has whole months, too. */
export const linkMonths = pgTable(
  'link_months',
  {
    linkId: bigint('link_id', { mode: 'number' }).notNull(),
    month: date().notNull(),
    clicks: bigint({ mode: 'number' }).notNull(),
    dimensions: smallint().array().notNull(),
    values: text().array().notNull(),
    valueClicks: bigint('value_clicks', { mode: 'number' }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.month] })],
);

/** What `dimension` numbers mean. Numbers are stored: append, never renumber. */
export const clickDimensions = { referrer: 1, country: 2, browser: 3, os: 4, device: 5 } as const;

/** All clicks of a link, ever. */
export const linkTotals = pgTable('link_totals', {
  linkId: bigint('link_id', { mode: 'number' }).primaryKey(),
  clicks: bigint({ mode: 'number' }).notNull(),
  bots: bigint({ mode: 'number' }).notNull(),
  lastClickedAt: timestamp('last_clicked_at', { withTimezone: true }).notNull(),
});

/** The batches that each boot of a redirect process has had counted: what makes a click count once. */
export const countedBatches = pgTable(
  'counted_batches',
  {
    bootId: uuid('boot_id').primaryKey(),
    sequences: int8multirange().notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('counted_batches_updated_at_idx').on(table.updatedAt)],
);

/** A day's salt for visitor hashes, deleted when the day is over and late clicks have had a day to arrive. */
export const visitorSalts = pgTable('visitor_salts', {
  day: date().primaryKey(),
  salt: bytea().notNull(),
});
