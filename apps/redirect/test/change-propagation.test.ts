import { redisKeys } from '@shortstack/contracts';
import { createPublisher } from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { createFaultProxy, until } from '@shortstack/testing';
import { afterAll, afterEach, expect, test } from 'vitest';
import {
  changeLink,
  createLink,
  deleteLink,
  insertLink,
  insertLinks,
  type LinkEvent,
  randomSlug,
  type StoredLink,
} from './links.ts';
import { type Instance, startStack } from './start-redirect.ts';

const stack = await startStack();
const { sql } = stack;
const hub = await createFaultProxy({ targetPort: stack.redis.hub.port });
const database = await createFaultProxy({
  targetPort: Number(new URL(stack.database.ownerUrl).port),
});
const environment = {
  REDIS_HUB_URL: `redis://127.0.0.1:${hub.port}`,
  DATABASE_URL: Object.assign(new URL(stack.database.urlFor('redirect')), {
    port: String(database.port),
  }).href,
};
const first = await stack.startHttp(environment);
const second = await stack.startHttp(environment);
await openConnections(first);
const hubRedis = connectRedis({ name: 'hub', url: stack.redis.hub.url });
const cacheRedis = connectRedis({ name: 'cache', url: stack.redis.cache.url });
await Promise.all([hubRedis.ready(), cacheRedis.ready()]);
const publisher = createPublisher({ redis: hubRedis, stream: redisKeys.events });
afterEach(async () => {
  await Promise.all([hub.heal(), database.heal()]);
});
afterAll(() => Promise.all([hubRedis.close(), cacheRedis.close()]));

const oldTarget = 'https://old.example/';
const newTarget = 'https://new.example/';

async function targetAt(instance: Instance, { slug }: { slug: string }) {
  const { status, headers } = await instance.get(`/${slug}`);
  return status === 302 ? headers.location : status;
}

/** A link that both instances hold in memory. */
async function knownLink(): Promise<StoredLink> {
  const link = await insertLink(sql, { url: oldTarget });
  for (const instance of [first, second]) expect(await targetAt(instance, link)).toBe(oldTarget);
  return link;
}

/** Where both instances lead, or the status of what else they answer. */
const targetsOf = (link: { slug: string }) =>
  Promise.all([targetAt(first, link), targetAt(second, link)]);

/** The promise. */
const within5s = { timeout: 5_000, interval: 10 };

const change = (link: StoredLink) => changeLink(sql, link, { url: newTarget });

test('a changed link leads to its new target on all instances within 5 s', async () => {
  const delays: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    const link = await knownLink();
    const { event } = await change(link);
    const changedAt = performance.now();
    await publisher.publish([event]);
    await expect.poll(() => targetsOf(link), within5s).toEqual([newTarget, newTarget]);
    delays.push(performance.now() - changedAt);
  }
  const median = delays.toSorted((a, b) => a - b)[5] ?? 0;
  console.info(`a change was known everywhere after ${median.toFixed(0)} ms (median of 11)`);
});

test('a deleted link is gone everywhere within 5 s', async () => {
  const link = await knownLink();
  const { event } = await deleteLink(sql, link);
  await publisher.publish([event]);
  await expect.poll(() => targetsOf(link), within5s).toEqual([410, 410]);
});

test.each([
  ['nobody relays the events', async () => undefined],
  ['the hub is gone', () => hub.cut()],
  ['the hub hangs', async () => hub.stall()],
])('when %s, a change and a deletion are still known within 5 s', async (_what, fail) => {
  const [changed, deleted] = [await knownLink(), await knownLink()];
  await fail();
  await Promise.all([change(changed), deleteLink(sql, deleted)]);
  await expect
    .poll(async () => [...(await targetsOf(changed)), ...(await targetsOf(deleted))], within5s)
    .toEqual([newTarget, newTarget, 410, 410]);
});

test('a change is known although its transaction was a long one', async () => {
  const link = await knownLink();
  // 5 s is what writing transactions are limited to; the row bears the time of their start.
  const transaction = await sql.connect();
  await transaction.query('BEGIN');
  await transaction.query('UPDATE links SET url = $2, version = version + 1 WHERE id = $1', [
    link.id,
    newTarget,
  ]);
  await transaction.query(
    `INSERT INTO outbox (type, payload, created_at) VALUES ('link.updated', $1, now() - interval '5 seconds')`,
    [{ accountId: link.accountId, links: [{ id: link.id, slug: link.slug, version: 2 }] }],
  );
  expect(await targetAt(first, link)).toBe(oldTarget);
  await transaction.query('COMMIT');
  transaction.release();
  await expect.poll(() => targetsOf(link), within5s).toEqual([newTarget, newTarget]);
});

test('a slug that was unknown is followed within 5 s of its creation', async () => {
  const slug = randomSlug();
  for (const instance of [first, second]) expect(await targetAt(instance, { slug })).toBe(404);
  const link = await insertLink(sql, { slug, url: newTarget });
  await expect.poll(() => targetsOf(link), within5s).toEqual([newTarget, newTarget]);
});

test('hundreds of slugs that were unknown are followed within 5 s of their creation, and fill no cache', async () => {
  const slugs = Array.from({ length: 101 }, () => randomSlug());
  const targets = () =>
    Promise.all(slugs.slice(0, 20).flatMap((slug) => targetsOf({ slug }))).then((all) =>
      all.flat(),
    );
  expect(new Set(await targets())).toEqual(new Set([404]));
  await insertLinks(sql, slugs, newTarget);
  await expect.poll(async () => new Set(await targets()), within5s).toEqual(new Set([newTarget]));
  expect(await cacheRedis.client.exists(slugs.slice(20).map(redisKeys.link))).toBe(0);
});

/** Connects an instance to PostgreSQL three times, lest a lookup has to wait for a new connection while answers are held back. */
async function openConnections(instance: Instance): Promise<void> {
  const links = await Promise.all([1, 2, 3].map(() => insertLink(sql, { max_clicks: 1 })));
  const lock = await sql.connect();
  await lock.query('BEGIN');
  const ids = links.map(({ id }) => id);
  await lock.query('SELECT FROM links WHERE id = ANY($1) FOR UPDATE', [ids]);
  const answers = links.map((link) => targetAt(instance, link));
  await until(async () => {
    const { rows } = await sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length === 3;
  });
  await lock.query('COMMIT');
  lock.release();
  await Promise.all(answers);
}

/**
 * Asks the first instance for a link, and holds up what PostgreSQL answers it until `meanwhile` is over and the
 * instance has heard of the change.
 */
async function answerOvertakenBy(
  slug: string,
  meanwhile: () => Promise<{ event: LinkEvent }>,
): Promise<string | number | undefined> {
  const readsBefore = await loadsSeen();
  database.holdAnswers();
  const answer = targetAt(first, { slug });
  await until(async () => (await loadsSeen()) !== readsBefore, { message: 'the link was read' });
  const { event } = await meanwhile();
  await publisher.publish([event]);
  const version = String(event.data.links[0]?.version);
  await until(async () => {
    const entry = await cacheRedis.client.get(redisKeys.link(slug));
    return entry?.split(' ')[1] === version;
  });
  await database.heal();
  return answer;
}

/** Changes when one of the instances’ connections has read links. */
async function loadsSeen(): Promise<string> {
  const { rows } = await sql.query<{ seen: string | null }>(
    `SELECT max(state_change)::text AS seen FROM pg_stat_activity
     WHERE usename = 'shortstack_redirect' AND state = 'idle' AND datname = current_database()
       AND query LIKE '%FROM links WHERE slug%'`,
  );
  return rows[0]?.seen ?? '';
}

test('what was read before a change and arrives after it is neither answered nor kept', async () => {
  const link = await insertLink(sql, { url: oldTarget });
  const answer = await answerOvertakenBy(link.slug, () => change(link));
  expect(answer).toBe(newTarget);
  for (const instance of [first, second]) expect(await targetAt(instance, link)).toBe(newTarget);
});

test('a slug that was free when it was looked up and taken when the answer came is followed', async () => {
  const slug = randomSlug();
  const answer = await answerOvertakenBy(slug, () => createLink(sql, { slug, url: newTarget }));
  expect(answer).toBe(newTarget);
  for (const instance of [first, second])
    expect(await targetAt(instance, { slug })).toBe(newTarget);
});
