import { schema } from '@shortstack/db';
import { expect, test } from 'vitest';
import { type Client, client, signUp } from './client.ts';
import { startCreate } from './start-create.ts';

const { clickDimensions } = schema;
const create = await startCreate();
let count = 0;

/** A new link of a person, with clicks (and as many bots) counted at these times. */
async function linkWithClicks(person: Client, clicksAt: Record<string, number>) {
  count += 1;
  const slug = `stats-${count}`;
  await person.post('/api/links', { url: 'https://example.com/', slug });
  const { rows } = await create.sql.query('SELECT id FROM links WHERE slug = $1', [slug]);
  const id = Number(rows[0].id);
  for (const [at, clicks] of Object.entries(clicksAt)) {
    await create.sql.query('INSERT INTO link_quarters VALUES ($1, $2, $3, $3)', [id, at, clicks]);
    await create.sql.query(
      `INSERT INTO link_days AS old VALUES ($1, $2::timestamptz::date, $3, $3, 0)
       ON CONFLICT (link_id, day) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots`,
      [id, at, clicks],
    );
  }
  return { id, slug };
}

const stats = async (person: Client, slug: string, query: Record<string, string>) => {
  const answer = await person.get(
    `/api/links/${slug}/stats?${new URLSearchParams(query).toString()}`,
  );
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
const points = (series: { time: string; clicks: number }[]) =>
  series.map(({ time, clicks }) => `${time.slice(0, 16)} ${clicks}`);

const person = await signUp(create);

test('days are cut by the time zone, and empty ones are 0', async () => {
  const { slug } = await linkWithClicks(person, {
    '2026-03-01T18:15:00Z': 1,
    '2026-03-01T18:30:00Z': 2,
    '2026-03-03T18:15:00Z': 4,
  });
  const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-04T00:00:00Z' };
  const utc = await stats(person, slug, range);
  expect(points(utc.series)).toEqual([
    ...['2026-03-01T00:00 3', '2026-03-02T00:00 0', '2026-03-03T00:00 4'],
  ]);
  expect(utc).toMatchObject({ clicks: 7, bots: 7 });
  const nepal = await stats(person, slug, { ...range, timezone: 'Asia/Kathmandu' });
  expect(points(nepal.series)).toEqual([
    ...['2026-02-28T18:15 0', '2026-03-01T18:15 3', '2026-03-02T18:15 0', '2026-03-03T18:15 4'],
  ]);
});

test('the time zone of a session is that of its statistics unless another is asked for', async () => {
  const someone = await signUp(create);
  const { slug } = await linkWithClicks(someone, { '2026-03-01T18:15:00Z': 1 });
  const range = { from: '2026-03-01T18:15:00Z', to: '2026-03-02T18:15:00Z' };
  const timezone = 'Asia/Kathmandu';
  expect((await someone.get('/api/auth/me')).json().session.timezone).toBeUndefined();
  const set = await someone.patch('/api/auth/preferences', { timezone });
  expect([set.statusCode, set.json()]).toEqual([200, { timezone }]);
  const me = (await someone.get('/api/auth/me')).json();
  expect(me).toMatchObject({ user: { role: 'user' }, session: { timezone } });

  expect(points((await stats(someone, slug, range)).series)).toEqual(['2026-03-01T18:15 1']);
  const utc = await stats(someone, slug, { ...range, timezone: 'UTC' });
  expect(points(utc.series)).toEqual(['2026-03-01T00:00 1', '2026-03-02T00:00 0']);
  const nobody = await client(create).patch('/api/auth/preferences', { timezone });
  expect(nobody.statusCode).toBe(401);
});

test('hours of a half-hour time zone begin at half past', async () => {
  const { slug } = await linkWithClicks(person, {
    '2026-03-01T10:15:00Z': 1,
    '2026-03-01T10:30:00Z': 2,
    '2026-03-01T11:15:00Z': 4,
  });
  const { series } = await stats(person, slug, {
    ...{ from: '2026-03-01T09:30:00Z', to: '2026-03-01T11:30:00Z' },
    ...{ interval: 'hour', timezone: 'Asia/Kolkata' },
  });
  expect(points(series)).toEqual(['2026-03-01T09:30 1', '2026-03-01T10:30 6']);
});

test('a day on which clocks change has 23 or 25 hours, and none is lost or doubled', async () => {
  const { slug } = await linkWithClicks(person, {
    '2026-10-25T00:00:00Z': 1,
    '2026-10-25T01:00:00Z': 2,
    '2026-10-24T22:00:00Z': 4,
    '2026-10-25T22:45:00Z': 8,
    '2026-10-25T23:00:00Z': 16,
  });
  const day = {
    from: '2026-10-24T22:00:00Z',
    to: '2026-10-25T23:00:00Z',
    timezone: 'Europe/Berlin',
  };
  const days = await stats(person, slug, { ...day, interval: 'day' });
  expect(points(days.series)).toEqual(['2026-10-24T22:00 15']);
  const hours = await stats(person, slug, { ...day, interval: 'hour' });
  expect(hours.series).toHaveLength(25);
  expect(points(hours.series)).toContain('2026-10-25T00:00 1');
  expect(points(hours.series)).toContain('2026-10-25T01:00 2');
  expect(hours.clicks).toBe(15);

  const spring = await stats(person, slug, {
    ...{ from: '2026-03-28T23:00:00Z', to: '2026-03-29T22:00:00Z' },
    ...{ interval: 'hour', timezone: 'Europe/Berlin' },
  });
  expect(spring.series).toHaveLength(23);
});

test('days go on where midnight does not exist, and where clocks change by half an hour', async () => {
  const { slug } = await linkWithClicks(person, { '2026-04-05T03:00:00Z': 1 });
  const cairo = await stats(person, slug, {
    ...{ from: '2026-04-21T22:00:00Z', to: '2026-04-25T21:00:00Z', timezone: 'Africa/Cairo' },
  });
  expect(points(cairo.series)).toEqual([
    ...['2026-04-21T22:00 0', '2026-04-22T22:00 0', '2026-04-23T22:00 0', '2026-04-24T21:00 0'],
  ]);
  const lordHowe = await stats(person, slug, {
    ...{ from: '2026-04-04T13:00:00Z', to: '2026-04-05T13:30:00Z' },
    ...{ interval: 'hour', timezone: 'Australia/Lord_Howe' },
  });
  expect(lordHowe.clicks).toBe(1);
  const sum = lordHowe.series.reduce((n: number, p: { clicks: number }) => n + p.clicks, 0);
  expect(sum).toBe(1);
});

test('a day on which midnight comes twice begins with the first', async () => {
  const { slug } = await linkWithClicks(person, {
    '2024-11-03T03:45:00Z': 1,
    '2024-11-03T04:00:00Z': 2,
    '2024-11-03T05:00:00Z': 4,
    '2024-11-04T05:00:00Z': 8,
  });
  const { series } = await stats(person, slug, {
    ...{ from: '2024-11-02T04:00:00Z', to: '2024-11-05T05:00:00Z', timezone: 'America/Havana' },
  });
  expect(points(series)).toEqual([
    ...['2024-11-02T04:00 1', '2024-11-03T04:00 6', '2024-11-04T05:00 8'],
  ]);
});

test('minutes that were not counted as such come from raw clicks, people and bots apart', async () => {
  const { id, slug } = await linkWithClicks(person, { '2026-03-01T10:00:00Z': 3 });
  await create.sql.query(`SELECT ensure_day_partition('clicks', '2026-03-01')`);
  for (const [at, isBot] of [
    ['2026-03-01T10:00:59.999Z', false],
    ['2026-03-01T10:01:00Z', false],
    ['2026-03-01T10:01:30Z', true],
    ['2026-03-01T10:03:00Z', false],
  ]) {
    await create.sql.query(
      `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) VALUES ($1, $2, 'r', $3)`,
      [at, id, isBot],
    );
  }
  const found = await stats(person, slug, {
    ...{ from: '2026-03-01T10:00:00Z', to: '2026-03-01T10:03:00Z', interval: 'minute' },
  });
  expect(points(found.series)).toEqual([
    ...['2026-03-01T10:00 1', '2026-03-01T10:01 1', '2026-03-01T10:02 0'],
  ]);
  expect(found).toMatchObject({ clicks: 2, bots: 1 });
});

test('uniques and top values cover the UTC days that the range touches', async () => {
  const { id, slug } = await linkWithClicks(person, {});
  for (const [day, uniques] of [
    ['2026-03-01', 1],
    ['2026-03-02', 2],
    ['2026-03-03', 4],
    ['2026-03-04', 8],
  ]) {
    await create.sql.query('INSERT INTO link_days VALUES ($1, $2, 9, 0, $3)', [id, day, uniques]);
    await create.sql.query('INSERT INTO link_dimensions VALUES ($1, $2, $3, $4, $5)', [
      ...[id, day, clickDimensions.browser, 'Firefox', uniques],
    ]);
  }
  for (let i = 0; i < 12; i++) {
    await create.sql.query('INSERT INTO link_dimensions VALUES ($1, $2, $3, $4, $5)', [
      ...[id, '2026-03-02', clickDimensions.country, `C${i}`, i],
    ]);
  }
  const found = await stats(person, slug, {
    from: '2026-03-02T12:00:00Z',
    to: '2026-03-04T00:00:00Z',
  });
  expect(found.uniques).toBe(6);
  expect(found.top.browser).toEqual([{ value: 'Firefox', clicks: 6 }]);
  expect(found.top.country).toHaveLength(10);
  expect(found.top.country[0]).toEqual({ value: 'C11', clicks: 11 });
  expect(found.top.referrer).toEqual([]);
});

test('without parameters statistics are of the last seven days', async () => {
  const { slug } = await linkWithClicks(person, {});
  const { series } = await stats(person, slug, {});
  expect(series).toHaveLength(8);
});
