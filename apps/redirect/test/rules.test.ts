import { expect, test } from 'vitest';
import { insertLink, type LinkColumns } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const linux =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const elsewhere = 'https://elsewhere.example/';
const ruled = 'https://ruled.example/';

async function targetOf(
  when: NonNullable<LinkColumns['rules'][number]['when']>,
  headers: Record<string, string>,
): Promise<string | undefined> {
  const rules = [{ when, targets: [{ url: ruled }] }];
  const { slug } = await insertLink(stack.sql, { url: elsewhere, rules });
  return (await redirect.get(`/${slug}`, headers)).headers.location;
}

const hour = (shift: number) => new Date(Date.now() + shift * 3_600_000).toISOString();

test.each([
  ['country', { countries: ['DE', 'AT'] }, { 'x-country': 'AT' }, { 'x-country': 'FR' }],
  ['device', { devices: ['mobile' as const] }, { 'user-agent': iphone }, { 'user-agent': linux }],
  ['system', { systems: ['ios'] }, { 'user-agent': iphone }, { 'user-agent': linux }],
  [
    'language',
    { languages: ['de'] },
    { 'accept-language': 'fr, de-CH;q=0.5' },
    { 'accept-language': 'fr, de;q=0' },
  ],
  [
    'all that is asked for together',
    { countries: ['DE'], devices: ['mobile' as const] },
    { 'x-country': 'DE', 'user-agent': iphone },
    { 'x-country': 'DE', 'user-agent': linux },
  ],
])('a rule can go by %s', async (_what, when, fitting, other) => {
  expect(await targetOf(when, fitting)).toBe(ruled);
  expect(await targetOf(when, other)).toBe(elsewhere);
  expect(await targetOf(when, {})).toBe(elsewhere);
});

test('a rule can go by time', async () => {
  expect(await targetOf({ from: hour(-1), until: hour(1) }, {})).toBe(ruled);
  expect(await targetOf({ from: hour(1) }, {})).toBe(elsewhere);
  expect(await targetOf({ until: hour(-1) }, {})).toBe(elsewhere);
});

test('the first rule that fits wins', async () => {
  const rules = [
    { when: { countries: ['DE'] }, targets: [{ url: 'https://first.example/' }] },
    { targets: [{ url: 'https://second.example/' }] },
    { targets: [{ url: 'https://third.example/' }] },
  ];
  const { slug } = await insertLink(stack.sql, { rules });
  const german = await redirect.get(`/${slug}`, { 'x-country': 'DE' });
  expect(german.headers.location).toBe('https://first.example/');
  expect((await redirect.get(`/${slug}`)).headers.location).toBe('https://second.example/');
});

test('visitors are split by weight', async () => {
  const targets = [
    { url: 'https://a.example/', weight: 3 },
    { url: 'https://b.example/', weight: 1 },
  ];
  const { slug } = await insertLink(stack.sql, { rules: [{ targets }], forward_query: true });
  const answers = await Promise.all(
    Array.from({ length: 400 }, () => redirect.get(`/${slug}?q=1`)),
  );
  const toA = answers.filter(({ headers }) => headers.location === 'https://a.example/?q=1').length;
  const toB = answers.filter(({ headers }) => headers.location === 'https://b.example/?q=1').length;
  expect(toA + toB).toBe(400);
  // 300 are expected; this is seven standard deviations away.
  expect(Math.abs(toA - 300)).toBeLessThan(61);
});
