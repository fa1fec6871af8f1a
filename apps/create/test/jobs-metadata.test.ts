import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { addLink, openStack, publishedSlugs, type Stack } from './start-create-jobs.ts';
import { html, startSite, testRules } from './web-server.ts';

interface Row {
  title: string | null;
  description: string | null;
  faviconUrl: string | null;
  version: number;
}

async function linkRow({ owner }: Stack, id: number): Promise<Row> {
  const { rows } = await owner.query(
    `SELECT title, description, favicon_url AS "faviconUrl", version::int FROM links WHERE id = $1`,
    [id],
  );
  return rows[0];
}

function untilRow(
  stack: Stack,
  id: number,
  isAsWanted: (row: Row) => boolean,
  deadlineMs = 10_000,
) {
  const wanted = async () => {
    const row = await linkRow(stack, id);
    return isAsWanted(row) && row;
  };
  return until(wanted, { deadlineMs, message: 'the link is not as wanted' });
}

test('a new link gets the title, description and icon of its page, and caches hear of the title', async () => {
  const stack = await openStack();
  const site = await startSite(
    html('<title>The page</title><meta name=description content="What it says">'),
  );
  await stack.start(testRules([site.port]));
  const url = `http://site.test:${site.port}/page`;
  const id = await addLink(stack, 'a', { url });

  expect(await untilRow(stack, id, ({ title }) => title !== null)).toEqual({
    title: 'The page',
    description: 'What it says',
    faviconUrl: `http://site.test:${site.port}/favicon.ico`,
    version: 2,
  });
  await until(async () => (await publishedSlugs(stack)).length === 2);
  const { rows } = await stack.owner.query('SELECT type, payload FROM outbox ORDER BY id');
  expect(rows[1]).toEqual({
    type: 'link.updated',
    payload: {
      accountId: expect.any(String),
      cause: 'metadata',
      links: [{ id, slug: 'a', version: 2 }],
    },
  });
});

test('setting a title does not lead to reading the page again', async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>The page</title>'));
  const { metric } = await stack.start(testRules([site.port]));
  const url = (path: string) => `http://site.test:${site.port}/${path}`;
  const first = await addLink(stack, 'a', { url: url('a') });
  await untilRow(stack, first, ({ version }) => version === 2);
  await until(async () => (await publishedSlugs(stack)).length === 2);

  // Events are handled in their order: once this link is read, the update before it has been handled.
  const second = await addLink(stack, 'b', { url: url('b') });
  await untilRow(stack, second, ({ version }) => version === 2);
  await until(async () => (await publishedSlugs(stack)).length === 4);
  expect(site.requests).toEqual([`site.test:${site.port}/a`, `site.test:${site.port}/b`]);
  expect(await metric('shortstack_metadata_pages_total')).toBe(2);
});

test('a title that the owner gave stays, and nothing is announced', async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>Theirs</title><meta name=description content=d>'));
  await stack.start(testRules([site.port]));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/`, title: 'Mine' });
  const row = await untilRow(stack, id, ({ description }) => description !== null);
  expect(row).toMatchObject({ title: 'Mine', description: 'd', version: 1 });
  expect((await stack.owner.query('SELECT FROM outbox')).rowCount).toBe(1);
});

test('what is read of an old version of a link is not stored with the new one', async () => {
  const stack = await openStack();
  const held = Promise.withResolvers<void>();
  const site = await startSite((request, response) => {
    if (request.url === '/new') html('<title>new</title>')(request, response);
    else void held.promise.then(() => html('<title>old</title>')(request, response));
  });
  const { metric } = await stack.start(testRules([site.port]));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/old` });
  await until(() => site.requests.length === 1);
  await stack.owner.query('UPDATE links SET version = 2, url = $1', [
    `http://site.test:${site.port}/new`,
  ]);
  held.resolve();
  await until(async () => (await metric('shortstack_metadata_pages_total')) === 1);
  expect(await linkRow(stack, id)).toMatchObject({ title: null, version: 2 });

  await stack.owner.query(
    `INSERT INTO outbox (type, payload) SELECT 'link.updated', jsonb_set(payload, '{links,0,version}', '2') FROM outbox`,
  );
  expect(await untilRow(stack, id, ({ title }) => title !== null)).toMatchObject({
    title: 'new',
    version: 3,
  });
});

test('a link to a private address is never asked, and loses what an older page said', async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>secret</title>'));
  const { metric } = await stack.start();
  const id = await addLink(stack, 'a', { url: `http://127.0.0.1:${site.port}/` });
  await stack.owner.query(`UPDATE links SET description = 'of an older page'`);
  expect(await untilRow(stack, id, ({ description }) => description === null)).toMatchObject({
    title: null,
    faviconUrl: null,
    version: 1,
  });
  expect(site.requests).toEqual([]);
  expect(await metric('shortstack_metadata_pages_total')).toBe(1);
});

test('a page that fails at first is read later, across a restart', {
  timeout: 40_000,
}, async () => {
  const stack = await openStack();
  let isBroken = true;
  const site = await startSite((request, response) => {
    if (isBroken) response.writeHead(503).end();
    else html('<title>At last</title>')(request, response);
  });
  const first = await stack.start(testRules([site.port]));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/` });
  await until(() => site.requests.length > 0);
  await first.close();
  isBroken = false;

  await stack.start(testRules([site.port]));
  expect(await untilRow(stack, id, ({ title }) => title !== null, 30_000)).toMatchObject({
    title: 'At last',
  });
});

test('a page that is being read when the process ends is read by the next', {
  timeout: 40_000,
}, async () => {
  const stack = await openStack();
  const site = await startSite((request, response) => {
    if (site.requests.length > 1) html('<title>Second time</title>')(request, response);
  });
  const first = await stack.start(testRules([site.port]));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/` });
  await until(() => site.requests.length === 1);
  await first.close();
  await stack.start(testRules([site.port]));
  expect(await untilRow(stack, id, ({ title }) => title !== null, 30_000)).toMatchObject({
    title: 'Second time',
  });
});

test('an event that comes twice asks once', async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>x</title>'));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/`, title: 'Mine' });
  await stack.owner.query('INSERT INTO outbox (type, payload) SELECT type, payload FROM outbox');
  const { metric } = await stack.start(testRules([site.port]));
  await untilRow(stack, id, ({ faviconUrl }) => faviconUrl !== null);
  const last = await addLink(stack, 'b', { url: `http://site.test:${site.port}/b`, title: 'Mine' });
  await untilRow(stack, last, ({ faviconUrl }) => faviconUrl !== null);
  expect(await metric('shortstack_metadata_pages_total')).toBe(2);
});

test('switched off, no page is read and no event waits', async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>x</title>'));
  await stack.start(testRules([site.port]), { METADATA_FETCH: false });
  await addLink(stack, 'a', { url: `http://site.test:${site.port}/` });
  const isRead = async () => {
    const groups = (await stack.hubClient
      .xinfo('GROUPS', 'hub:events')
      .catch(() => [])) as unknown[][];
    const fields = groups.find((group) => group.includes('create-metadata')) ?? [];
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    return field('entries-read') === 1 && field('pending') === 0;
  };
  await until(isRead);
  expect(site.requests).toEqual([]);
});

test('while the jobs Redis is away events wait, and links get their metadata afterwards', {
  timeout: 40_000,
}, async () => {
  const stack = await openStack();
  const site = await startSite(html('<title>Late</title>'));
  await stack.jobs.stop();
  const { internalUrl } = await stack.start(testRules([site.port]));
  const id = await addLink(stack, 'a', { url: `http://site.test:${site.port}/` });
  await until(async () => (await publishedSlugs(stack)).length === 1);
  const ready = await fetch(`${internalUrl}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    expect.objectContaining({
      dependencies: expect.arrayContaining([
        expect.objectContaining({ name: 'redis-jobs', state: 'down' }),
      ]),
    }),
  ]);
  await startTestRedis({ port: stack.jobs.port });
  expect(await untilRow(stack, id, ({ title }) => title !== null, 30_000)).toMatchObject({
    title: 'Late',
  });
});
