import { createUniqueVisitors } from '@shortstack/analytics';
import { connectRedis } from '@shortstack/redis';
import { afterAll, expect, test } from 'vitest';
import { type Client, signUp } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const { sql } = create;
const hub = connectRedis({ name: 'hub', url: create.redis.hub, commandTimeoutMs: 5_000 });
await hub.ready();
afterAll(() => hub.close());
const visitors = createUniqueVisitors({ redis: hub, name: 'redirect' });
await visitors.needsRebuild();
const today = new Date().toISOString().slice(0, 10);
await sql.query(`SELECT ensure_day_partition('clicks', $1)`, [today]);

async function newLink(person: Client): Promise<{ id: number; slug: string }> {
  const { slug } = (await person.post('/api/links', { url: 'https://example.com/' })).json();
  const { rows } = await sql.query('SELECT id FROM links WHERE slug = $1', [slug]);
  return { id: Number(rows[0].id), slug };
}

/** As redirect-jobs would: each visitor twice, and bots, now. */
async function visit({ id }: { id: number }, people: number) {
  await sql.query(
    `INSERT INTO clicks (clicked_at, link_id, request_id, visitor, is_bot)
     SELECT now(), $1, gen_random_uuid(), n % ($2 + 5), n % ($2 + 5) >= $2
     FROM generate_series(1, 2 * ($2 + 5)) AS n`,
    [id, people],
  );
  await sql.query(
    'INSERT INTO link_days (link_id, day, clicks, bots, uniques) VALUES ($1, $2, $3, 10, $4)',
    [id, today, 2 * people, people],
  );
  const time = new Date();
  await visitors.record(
    Array.from({ length: people }, (_, n) => ({ subject: `${id}`, visitor: `${n}`, time })),
  );
}

test('unique visitors are told exactly, by estimate, and how far that is off', async () => {
  const person = await signUp(create);
  const link = await newLink(person);
  await visit(link, 10_000);
  const path = `/api/links/${link.slug}/visitors`;
  const whileIncomplete = (await person.get(path)).json();
  expect(whileIncomplete).toMatchObject({ exact: 10_000, estimated: null, errorPercent: null });

  await visitors.markRebuilt();
  for (const window of ['hour', 'day', 'week']) {
    const answer = await person.get(`${path}?window=${window}`);
    expect(answer.statusCode).toBe(200);
    const { from, estimated, errorPercent, ...rest } = answer.json();
    expect(rest).toEqual({ window, exact: 10_000 });
    expect(Date.parse(from)).toBeLessThan(Date.now() - 3_600_000);
    expect(Math.abs(errorPercent)).toBeLessThan(3 * 0.81);
    expect(errorPercent).toBeCloseTo((estimated - 10_000) / 100, 5);
  }
});

test('nobody came: no visitors and no error', async () => {
  const person = await signUp(create);
  const { slug } = await newLink(person);
  expect((await person.get(`/api/links/${slug}/visitors`)).json()).toMatchObject({
    window: 'day',
    exact: 0,
    estimated: 0,
    errorPercent: 0,
  });
});

test('another one’s link is not there, and a window that there is not is refused', async () => {
  const [one, other] = [await signUp(create), await signUp(create)];
  const { slug } = await newLink(one);
  expect((await other.get(`/api/links/${slug}/visitors`)).statusCode).toBe(404);
  expect((await one.get(`/api/links/${slug}/visitors?window=year`)).statusCode).toBe(400);
});
