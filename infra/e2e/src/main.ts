/**
 * `npm run -w infra/e2e shorten -- <file> --origin <app origin> --short <short origin> --key <API key>`:
 * shortens every line of a file on a running stack, follows each link once, and waits until each click is counted.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { expectedTarget } from './expected-target.ts';
import { follow } from './follow.ts';
import { createHttpClient } from './http-client.ts';
import { inParallel } from './in-parallel.ts';
import { caller } from './people.ts';
import { readClicks } from './read-clicks.ts';
import { shortenUrls } from './shorten-urls.ts';

const COUNT_DEADLINE_MS = 60_000;
const usage =
  'Usage: npm run -w infra/e2e shorten -- <file> --origin http://localhost:3000 --short http://localhost:3001 --key <API key>';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    origin: { type: 'string' },
    short: { type: 'string' },
    key: { type: 'string' },
    /** How many of the URLs go in bulk; default half. */
    bulk: { type: 'string' },
  },
});
const [file] = positionals;
const { origin, short, key } = values;
if (!file || !origin || !short || !key) {
  console.error(usage);
  process.exit(2);
}

const urls = readFileSync(file, 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');
const http = createHttpClient({ connections: 16 });
const api = caller(http, { appOrigin: origin }, { authorization: `Bearer ${key}` });
const inBulk = values.bulk === undefined ? Math.ceil(urls.length / 2) : Number(values.bulk);
let faults = 0;

function fault(what: string): void {
  faults += 1;
  console.error(what);
}

const shortened = await shortenUrls(api, urls, {
  inBulk,
  atOnce: 16,
  onProgress: (done) => progress('shortened', done),
});
const links = shortened.flatMap(({ url, outcome }) => {
  const expected = expectedTarget(url, short);
  if ('refused' in outcome) {
    const isRight = 'refused' in expected && expected.refused === outcome.refused;
    if (!isRight) fault(`${url}: refused with ${outcome.refused}`);
    return [];
  }
  if ('refused' in expected) {
    fault(`${url}: should have been refused with ${expected.refused}`);
    return [];
  }
  return [{ slug: outcome.slug, location: expected.location }];
});
let followed = 0;
await inParallel(links, 16, async ({ slug, location }) => {
  const answer = await follow(http, short, slug);
  if (answer.status !== 302 || answer.headers.location !== location) {
    fault(`${slug}: ${answer.status} ${answer.headers.location ?? ''} instead of ${location}`);
  }
  followed += 1;
  progress('followed', followed);
});
const deadline = Date.now() + COUNT_DEADLINE_MS;
let uncounted = links.length;
while (uncounted > 0 && Date.now() < deadline) {
  await pause(1_000);
  const clicks = await readClicks(api);
  uncounted = links.filter(({ slug }) => clicks.get(slug) !== 1).length;
}
if (uncounted > 0) fault(`${uncounted} links don't have exactly one click`);
http.close();
console.log(
  `${urls.length} URLs: ${links.length} links, ${urls.length - links.length} refused; ${followed} followed, ${links.length - uncounted} counted once; ${faults} faults`,
);
process.exitCode = faults === 0 ? 0 : 1;

function progress(what: string, done: number): void {
  if (done % 500 === 0 || done === urls.length) console.log(`${what} ${done} of ${urls.length}`);
}
