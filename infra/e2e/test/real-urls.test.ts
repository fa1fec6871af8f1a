import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '@shortstack/testing';
import { beforeAll, expect, test } from 'vitest';
import { expectedTarget } from '../src/expected-target.ts';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { inParallel } from '../src/in-parallel.ts';
import { openStack } from '../src/open-stack.ts';
import { type Caller, signUp, withApiKey } from '../src/people.ts';
import { readClicks } from '../src/read-clicks.ts';
import { type Shortened, shortenUrls } from '../src/shorten-urls.ts';

const execute = promisify(execFile);
const urls = readFileSync(new URL('../data/real-urls.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '');
/** What the contract refuses, so that the rule is seen to be at work among the real ones. */
const refused = [
  'https://user:secret@example.com/',
  'ftp://ftp.example.com/',
  'mailto:someone@example.com',
  'no url',
  `https://example.com/${'x'.repeat(8_192)}`,
];
// The titles of all these pages are not read from the real sites.
const { stack, local } = await openStack({
  instances: { worker: 0, 'worker-jobs': 0 },
  env: { 'create-jobs': { METADATA_FETCH: 'off' } },
});
const http = createHttpClient({ connections: 32 });
const requestIdOf = (index: number) => `real-url-${index}`;

let api: Caller;
let shortened: Shortened[];

beforeAll(async () => {
  api = await withApiKey(http, stack, await signUp(http, stack));
  // The refused ones are spread over both ways.
  const all = [...refused, ...urls, ...refused];
  // A given stack limits how many are created one by one.
  const inBulk = local ? 2_000 : all.length - 40;
  shortened = await shortenUrls(api, all, { inBulk, atOnce: 16 });
}, 120_000);

test('every URL is shortened, or refused by the rules of the contract', () => {
  const wrong = shortened.filter(({ url, outcome }) => {
    const expected = expectedTarget(url, stack.shortOrigin);
    if ('refused' in expected)
      return !('refused' in outcome) || outcome.refused !== expected.refused;
    return !('slug' in outcome);
  });
  expect(wrong).toEqual([]);
  expect(shortened.filter(({ outcome }) => 'refused' in outcome)).toHaveLength(2 * refused.length);
  expect(new Set(slugs().map(({ slug }) => slug)).size).toBe(urls.length);
});

test('every link leads to the WHATWG serialisation of its URL', async () => {
  const wrong: unknown[] = [];
  await inParallel(slugs(), 32, async ({ url, slug }, index) => {
    const headers = { 'x-request-id': requestIdOf(index) };
    const answer = await follow(http, stack.shortOrigin, slug, headers);
    const { location } = answer.headers;
    if (answer.status !== 302 || location !== new URL(url).href)
      wrong.push({ url, slug, status: answer.status, location });
  });
  expect(wrong).toEqual([]);
}, 60_000);

test('every click is counted exactly once', async () => {
  const countedOnce = async () => {
    const clicks = await readClicks(api);
    return clicks.size === urls.length && [...clicks.values()].every((count) => count === 1);
  };
  await until(countedOnce, { deadlineMs: 30_000, message: 'Not every link had one click' });

  // And by request id.
  const [raw] = await stack.sql<{ clicks: number; ids: number; bots: number }>(
    `SELECT count(*)::int AS clicks, count(DISTINCT request_id)::int AS ids, count(*) FILTER (WHERE is_bot)::int AS bots
     FROM clicks WHERE request_id LIKE 'real-url-%'`,
  );
  expect(raw).toEqual({ clicks: urls.length, ids: urls.length, bots: 0 });
  const misplaced = await stack.sql(
    `SELECT link_id FROM clicks WHERE request_id LIKE 'real-url-%' GROUP BY link_id HAVING count(*) <> 1`,
  );
  expect(misplaced).toEqual([]);
}, 60_000);

test('the command does the same on any running stack and sums it up', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'shortstack-e2e-')), 'urls.txt');
  await writeFile(file, [...urls.slice(0, 40), 'ftp://ftp.example.com/', ''].join('\n'));
  const { headers } = await withApiKey(http, stack, await signUp(http, stack));
  const { stdout } = await execute(process.execPath, [
    '--conditions=source',
    fileURLToPath(new URL('../src/main.ts', import.meta.url)),
    ...[file, '--origin', stack.appOrigin, '--short', stack.shortOrigin],
    ...['--key', headers.authorization?.replace('Bearer ', '') ?? ''],
  ]);
  await rm(dirname(file), { recursive: true });
  expect(stdout.trim().split('\n').at(-1)).toBe(
    '41 URLs: 40 links, 1 refused; 40 followed, 40 counted once; 0 faults',
  );
}, 60_000);

function slugs(): { url: string; slug: string }[] {
  return shortened.flatMap(({ url, outcome }) =>
    'slug' in outcome ? [{ url, slug: outcome.slug }] : [],
  );
}
