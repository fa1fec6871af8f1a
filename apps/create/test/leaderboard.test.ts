import { createLeaderboard } from '@shortstack/analytics';
import { connectRedis } from '@shortstack/redis';
import { afterAll, expect, test } from 'vitest';
import { type Client, signUp } from './client.ts';
import { shortOrigin, startCreate } from './start-create.ts';

const create = await startCreate();

/** The slug of a new link, with so many clicks counted in that quarter of an hour. */
async function linkWithClicks(person: Client, quarterAt: string, clicks: number): Promise<string> {
  const { slug } = (await person.post('/api/links', { url: 'https://example.com/' })).json();
  await create.sql.query(
    'INSERT INTO link_quarters SELECT id, $2, $3, 0 FROM links WHERE slug = $1',
    [slug, quarterAt, clicks],
  );
  return slug;
}

test('the leaderboard comes from PostgreSQL until the hub is rebuilt, then from the hub', async () => {
  const fan = await signUp(create);
  const now = new Date(Math.floor(Date.now() / 900_000) * 900_000).toISOString();
  const first = await linkWithClicks(fan, now, 5);
  const second = await linkWithClicks(fan, now, 7);
  const deleted = await linkWithClicks(fan, now, 9);
  await fan.post('/api/links', { url: 'https://example.com/' });
  await fan.delete(`/api/links/${deleted}`);
  const board = async (window: string) =>
    (await fan.get(`/api/leaderboard?window=${window}`)).json();
  expect(await board('hour')).toEqual({
    window: 'hour',
    items: [
      { slug: second, shortUrl: `${shortOrigin}/${second}`, clicks: 7 },
      { slug: first, shortUrl: `${shortOrigin}/${first}`, clicks: 5 },
    ],
  });

  const hub = connectRedis({ name: 'hub', url: create.redis.hub });
  afterAll(() => hub.close());
  await hub.ready();
  const leaderboard = createLeaderboard({ redis: hub, name: 'redirect' });
  await leaderboard.needsRebuild();
  const account = await create.sql.query('SELECT id FROM accounts WHERE email = $1', [fan.email]);
  const score = { board: String(account.rows[0].id), unit: 'hour', time: new Date() } as const;
  await leaderboard.record([
    { ...score, member: first, score: 50 },
    { ...score, member: deleted, score: 90 },
  ]);
  await leaderboard.markRebuilt();
  expect((await board('day')).items).toEqual([
    { slug: first, shortUrl: `${shortOrigin}/${first}`, clicks: 50 },
  ]);
});
