import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createRelayOutbox } from '../src/data/relay-outbox.ts';
import {
  addLink,
  openStack,
  publishedSlugs,
  type Stack,
  untilPublished,
} from './start-create-jobs.ts';

/** What the relay does is tested without what the events lead to. */
const quiet = { METADATA_FETCH: false };

test('events are published in the order of their ids, and marked', async () => {
  const stack = await openStack();
  for (const slug of ['a', 'b', 'c']) await addLink(stack, slug);
  const { metric } = await stack.start(undefined, quiet);
  expect(await untilPublished(stack, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);

  await addLink(stack, 'd');
  expect(await untilPublished(stack, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'c', 'd']);
  await until(async () => (await unpublished(stack)) === 0);
  expect(await metric('shortstack_outbox_published_total')).toBe(4);
  expect(await metric('shortstack_outbox_relay_leading')).toBe(1);
});

test('a bulk of events keeps its order', async () => {
  const stack = await openStack();
  const slugs = Array.from({ length: 350 }, (_, index) => `s${index}`);
  await stack.owner.query(
    `INSERT INTO outbox (type, payload) SELECT 'link.created', jsonb_build_object('accountId', '', 'links',
      jsonb_build_array(jsonb_build_object('id', 1, 'slug', slug, 'version', 1))) FROM unnest($1::text[]) AS slug`,
    [slugs],
  );
  await stack.start(undefined, quiet);
  expect(await untilPublished(stack, slugs)).toEqual(slugs);
});

test('of two relays one leads, and the other takes over when its session is ended', async () => {
  const stack = await openStack();
  const relays = [await stack.start(undefined, quiet), await stack.start(undefined, quiet)];
  const leaders = async () =>
    (
      await Promise.all(relays.map(({ metric }) => metric('shortstack_outbox_relay_leading')))
    ).join();
  const before = await until(async () => {
    const now = await leaders();
    return now === '1,0' || now === '0,1' ? now : false;
  });
  await addLink(stack, 'a');
  expect(await untilPublished(stack, ['a'])).toEqual(['a']);
  // Whoever loses its session before it has marked an event as published has it published again.
  await until(async () => (await unpublished(stack)) === 0);

  await stack.owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()`,
  );
  await addLink(stack, 'b');
  expect(await untilPublished(stack, ['a', 'b'])).toEqual(['a', 'b']);
  await until(async () => ['1,0', '0,1'].includes(await leaders()));
  expect(before).toMatch(/1/);
});

test('a stand-by takes over from a process that was killed', { timeout: 40_000 }, async () => {
  const stack = await openStack();
  const child = spawnJobs(stack);
  await until(async () => (await holders(stack)) === 1, { deadlineMs: 15_000 });
  const standBy = await stack.start(undefined, quiet);
  await addLink(stack, 'a');
  await untilPublished(stack, ['a']);
  expect(await standBy.metric('shortstack_outbox_relay_leading')).toBe(0);

  child.kill('SIGKILL');
  await addLink(stack, 'b');
  expect(await untilPublished(stack, ['a', 'b'])).toEqual(['a', 'b']);
  expect(await standBy.metric('shortstack_outbox_relay_leading')).toBe(1);
});

test('a process that is told to end gives the leadership up and exits with 0', {
  timeout: 40_000,
}, async () => {
  const stack = await openStack();
  const child = spawnJobs(stack);
  await until(async () => (await holders(stack)) === 1, { deadlineMs: 15_000 });
  await until(async () => {
    const index = await stack.hubClient.smembers('registry:{instances}:index');
    return index.some((member) => member.startsWith('create/'));
  });
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(await holders(stack)).toBe(0);
  expect(await stack.hubClient.smembers('registry:{instances}:index')).toEqual([]);
});

test('events that the hub has lost are sent again', async () => {
  const stack = await openStack();
  await stack.start(undefined, quiet);
  await addLink(stack, 'a');
  await addLink(stack, 'b');
  await untilPublished(stack, ['a', 'b']);
  await until(async () => (await unpublished(stack)) === 0);

  await stack.hubClient.flushall();
  expect(await untilPublished(stack, ['a', 'b'])).toEqual(['a', 'b']);
  await addLink(stack, 'c');
  expect(await untilPublished(stack, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
});

test('while the hub is away events stay where they are', { timeout: 30_000 }, async () => {
  const stack = await openStack();
  const { metric } = await stack.start(undefined, quiet);
  await addLink(stack, 'a');
  await untilPublished(stack, ['a']);
  await until(async () => (await unpublished(stack)) === 0);
  await stack.hub.stop();
  await addLink(stack, 'b');
  await until(async () => (await metric('shortstack_outbox_unpublished_rows')) === 1, {
    deadlineMs: 10_000,
  });
  expect(await metric('shortstack_outbox_oldest_seconds')).toBeGreaterThan(0);
  expect(await unpublished(stack)).toBe(1);

  await startTestRedis({ port: stack.hub.port });
  // The new hub is empty: what was published before is there again as well.
  expect(await untilPublished(stack, ['a', 'b'], 15_000)).toEqual(['a', 'b']);
});

test('rows are deleted an hour after they were published, and not before', async () => {
  const { owner, database } = await openStack();
  const now = Date.now();
  const at = (minutes: number) => new Date(now - minutes * 60_000);
  const rows: [Date, Date | null][] = [
    [at(200), at(100)],
    [at(100), at(30)],
    [at(200), null],
    [at(1), at(1)],
  ];
  for (const row of rows) {
    await owner.query(
      `INSERT INTO outbox (type, payload, created_at, published_at) VALUES ('t', '{}', $1, $2)`,
      row,
    );
  }
  await owner.query(
    `INSERT INTO outbox (type, payload, created_at, published_at) SELECT 't', '{}', $1, $1 FROM generate_series(1, 2500)`,
    [at(120)],
  );
  const outbox = createRelayOutbox({ url: database.urlFor('create'), applicationName: 'test' });
  onTestFinished(() => outbox.close());
  await outbox.acquireLeadership();

  expect(await outbox.deletePublishedBefore(at(60))).toBe(2_501);
  const { rows: left } = await owner.query('SELECT id::int FROM outbox ORDER BY id');
  expect(left.map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(await outbox.unpublishAll()).toBe(2);
  expect(await outbox.lastPublishedAt()).toBeNull();
});

test('the leader hears of new rows without asking', async () => {
  const { owner, database } = await openStack();
  const outbox = createRelayOutbox({ url: database.urlFor('create'), applicationName: 'test' });
  onTestFinished(() => outbox.close());
  const woken = new Promise<void>((resolve) => {
    outbox.wake(resolve);
  });
  expect(await outbox.acquireLeadership()).not.toBeNull();
  await owner.query('NOTIFY outbox');
  expect(await woken).toBeUndefined();
});

test('whoever has lost the session can neither read nor mark rows', async () => {
  const { owner, database } = await openStack();
  const outbox = createRelayOutbox({ url: database.urlFor('create'), applicationName: 'test' });
  onTestFinished(() => outbox.close());
  const lease = await outbox.acquireLeadership();
  await owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
  );
  await until(() => lease?.lost.aborted);
  const unavailable = { kind: 'unavailable', code: 'DATABASE_UNAVAILABLE' };
  await expect(outbox.readUnpublished(1)).rejects.toMatchObject(unavailable);
  await expect(outbox.markPublished(['1'], new Date())).rejects.toMatchObject(unavailable);
  expect((await outbox.acquireLeadership())?.lost.aborted).toBe(false);
});

test('nothing is published twice while all is well', async () => {
  const stack = await openStack();
  await Promise.all([stack.start(undefined, quiet), stack.start(undefined, quiet)]);
  const slugs = Array.from({ length: 40 }, (_, index) => `s${index}`);
  for (const slug of slugs) await addLink(stack, slug);
  await untilPublished(stack, slugs);
  await until(async () => (await unpublished(stack)) === 0);
  expect(await publishedSlugs(stack)).toEqual(slugs);
});

async function unpublished({ owner }: Stack): Promise<number> {
  const { rows } = await owner.query('SELECT count(*)::int FROM outbox WHERE published_at IS NULL');
  return rows[0].count;
}

/** How many sessions hold the leader's lock in this database. */
async function holders({ owner }: Stack): Promise<number> {
  const { rows } = await owner.query(
    `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0].count;
}

/** The real process, in a process of its own. */
function spawnJobs(stack: Stack) {
  const entry = fileURLToPath(new URL('../src/jobs.ts', import.meta.url));
  const settings = { ...stack.config(quiet), TRUSTED_PROXIES: '' };
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, String(value)]),
  );
  const child = spawn(process.execPath, ['--conditions=source', entry], {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
