import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '@shortstack/testing';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createGuardedDatabase } from '../src/data/guarded-database.ts';
import { createCodedLinkInserter } from '../src/data/insert-coded-links.ts';
import { draftLink } from '../src/domain/link-draft.ts';

const testDatabase = await createTestDatabase();
const sql = new Client({ connectionString: testDatabase.ownerUrl });
sql.on('error', () => {});
await sql.connect();
const database = createGuardedDatabase({
  url: testDatabase.urlFor('create'),
  applicationName: 'coded-links',
});
const insert = createCodedLinkInserter(database);
afterAll(async () => {
  await database.close();
  await sql.end();
});

async function account(): Promise<string> {
  const { rows } = await sql.query(
    `INSERT INTO accounts (email, password_hash, session_tag) VALUES ($1, '', '') RETURNING id`,
    [`${randomUUID()}@example.com`],
  );
  return rows[0].id;
}

async function draft(slug: string, body: { title?: string; tags?: string[] } = {}) {
  const context = { shortOrigin: 'http://sho.rt', now: new Date(), hashPassword: async () => '' };
  const drafted = await draftLink({ url: `https://example.com/${slug}`, ...body }, context);
  return { ...drafted, slug };
}

const eventsOf = async (accountId: string) => {
  const { rows } = await sql.query(
    `SELECT payload FROM outbox WHERE type = 'link.created' AND payload->>'accountId' = $1 ORDER BY id`,
    [accountId],
  );
  return rows.map(({ payload }) => payload.links);
};

test('links of one moment are stored together, with one event for each account', async () => {
  const [one, other] = [await account(), await account()];
  const drafts = [
    await draft('moment1', { title: 'One', tags: ['a', 'b'] }),
    await draft('moment2'),
    await draft('moment3'),
  ];
  const [first, second, third] = await Promise.all(
    drafts.map((each, n) => insert(n === 2 ? other : one, each)),
  );
  expect(first).toMatchObject({ accountId: one, slug: 'moment1', title: 'One', version: 1 });
  expect(third).toMatchObject({ accountId: other, slug: 'moment3', url: drafts[2]?.url });
  expect(await eventsOf(one)).toEqual([
    [first, second].map((link) => ({ id: link?.id, slug: link?.slug, version: 1 })),
  ]);
  expect(await eventsOf(other)).toEqual([[{ id: third?.id, slug: 'moment3', version: 1 }]]);
  const { rows } = await sql.query(
    `SELECT account_id, tags, title, rules, created_at FROM links WHERE slug = 'moment1'`,
  );
  expect(rows).toEqual([
    { account_id: one, tags: ['a', 'b'], title: 'One', rules: [], created_at: first?.createdAt },
  ]);
});

test('one that can’t be stored fails alone: its account is gone, its slug is taken', async () => {
  const owner = await account();
  await insert(owner, await draft('taken00'));
  const results = await Promise.allSettled([
    insert(owner, await draft('alone01')),
    insert(randomUUID(), await draft('alone02')),
    insert(owner, await draft('taken00')),
    insert(owner, await draft('alone03')),
  ]);
  expect(results).toMatchObject([
    { status: 'fulfilled', value: { slug: 'alone01' } },
    { status: 'rejected', reason: { code: '23503' } },
    { status: 'fulfilled', value: null },
    { status: 'fulfilled', value: { slug: 'alone03' } },
  ]);
  const slugs = (await eventsOf(owner)).flat().map(({ slug }: { slug: string }) => slug);
  expect(slugs.sort()).toEqual(['alone01', 'alone03', 'taken00']);
});
