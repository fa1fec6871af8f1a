import {
  bigint,
  boolean,
  check,
  customType,
  index,
  jsonb,
  pgTable,
  smallint,
  sql,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from '../drizzle.ts';

/** Compared byte by byte whatever the database's locale: slugs are case-sensitive. */
const slugText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** The short links. Owned by create; redirect reads them and may spend `spentClicks`. */
export const links = pgTable(
  'links',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Of an account that exists: checked once per statement by a trigger, since a foreign key costs more than the row itself. */
    accountId: uuid('account_id').notNull(),
    slug: slugText().notNull(),
    /** As the WHATWG algorithm serialises it. */
    url: text().notNull(),
    title: text(),
    /** Read from the target page by create's metadata job. */
    description: text(),
    faviconUrl: text('favicon_url'),
    tags: text().array().notNull().default(sql`'{}'`),
    status: smallint().notNull().default(302),
    visibility: text({ enum: ['public', 'private'] })
      .notNull()
      .default('public'),
    /** argon2id in PHC format; null where no password is asked for. */
    passwordHash: text('password_hash'),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    maxClicks: bigint('max_clicks', { mode: 'number' }),
    /** How much of `maxClicks` is used up. Changed by one conditional UPDATE only. */
    spentClicks: bigint('spent_clicks', { mode: 'number' }).notNull().default(0),
    rules: jsonb().$type<unknown[]>().notNull().default([]),
    forwardQuery: boolean('forward_query').notNull().default(false),
    /** Raised by every change; caches keep the highest they have seen. */
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    /** Set once: the link answers 410 and its slug stays taken. */
    deletedAt: timestamp('deleted_at', { withTimezone: true }),
  },
  (table) => [
    uniqueIndex('links_slug_key').on(table.slug),
    index('links_account_id_idx')
      .on(table.accountId, table.id)
      .where(sql`${table.deletedAt} is null`),
    index('links_tags_idx').using('gin', table.tags).where(sql`${table.deletedAt} is null`),
    index('links_expires_at_idx')
      .on(table.expiresAt)
      .where(sql`${table.deletedAt} is null and ${table.expiresAt} is not null`),
    check('links_status_check', sql`${table.status} in (301, 302, 307, 308)`),
    check('links_visibility_check', sql`${table.visibility} in ('public', 'private')`),
  ],
);
