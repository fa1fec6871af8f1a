import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { answered } from '../../e2e/src/answered.ts';
import { follow } from '../../e2e/src/follow.ts';
import { signUp, withApiKey } from '../../e2e/src/people.ts';
import { openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { ask, project } from '../src/compose.ts';
import { openSite } from './open-site.ts';
import { startClicks } from './start-clicks.ts';

const running = await openSite();
const { site, http } = running;

const owner = await signUpOwner(http, running);
const { browser } = await signInByLink(http, running, owner);
const api = await withApiKey(http, running, await signUp(http, running));
const create = () => api.call('POST', '/api/links', { url: 'http://hosts.test/' });
const { slug } = answered(201, await create()).json();
// Links that no cache has: nobody told redirect of them.
await running.sql(
  `INSERT INTO links (account_id, slug, url)
   SELECT account_id, 'uncached-' || n, url FROM links, generate_series(1, 2000) n WHERE slug = $1`,
  [slug],
);
let uncached = 0;

/** What works: following a link that is cached and one that is not, creating one, and what asks for a session (API, private link, operations pages). */
async function state() {
  uncached += 1;
  return {
    follow: (await follow(http, running.shortOrigin, slug)).status,
    uncached: (await follow(http, running.shortOrigin, `uncached-${uncached}`)).status,
    create: (await create()).status,
    session: await openAll(browser, running, owner.slug),
  };
}
const whole = { follow: 302, uncached: 302, create: 201, session: [200, owner.target, 200] };
const isWhole = async () => JSON.stringify(await state()) === JSON.stringify(whole);

const AWAY = expect.toBeOneOf([502, 503, 504]);

test.each([
  ['worker', { ...whole, session: [200, owner.target, AWAY] }],
  ['create', { ...whole, create: AWAY, session: [AWAY, owner.target, 200] }],
  ['redirect-1', whole],
  ['shared', { ...whole, session: [503, 503, 503] }],
  ['data', { ...whole, uncached: 503, create: 503 }],
])(
  'without the host %s all goes on that does not need it, no redirect fails, no click is lost, and nobody is signed out',
  async (host, left) => {
    await until(isWhole, { deadlineMs: 30_000 });
    const { load, counted } = startClicks(running, slug, `outage-${host}`);
    await ask([...project(site, host), 'stop']);
    const before = load.answered;
    expect(await state()).toEqual(left);
    await until(() => load.answered > before + 100);
    expect(await state()).toEqual(left);

    await ask([...project(site, host), 'up', '--detach', '--wait']);
    await until(isWhole, { deadlineMs: 60_000, message: `Not all is well since ${host} is back` });
    await load.stop();
    expect({ failures: load.failures, refused: load.refused }).toEqual({
      failures: [],
      refused: 0,
    });
    await counted();
  },
);

test('without the edge nobody comes in; once it is back every click that was answered is counted, and everybody signed in', async () => {
  const { load, counted } = startClicks(running, slug, 'outage-edge');
  await until(() => load.answered > 100);
  await ask([...project(site, 'edge'), 'stop']);
  await until(() => load.refused > 100);
  await ask([...project(site, 'edge'), 'up', '--detach', '--wait']);
  await until(isWhole, { deadlineMs: 30_000 });
  await load.stop();
  // Docker accepts connections to a published port a little longer and earlier than the edge.
  const cut = /ECONNRESET|before secure TLS connection/;
  expect(load.failures.filter(({ reason }) => !cut.test(reason))).toEqual([]);
  await counted();
});
