import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../../e2e/src/answered.ts';
import { follow } from '../../e2e/src/follow.ts';
import { signUp, withApiKey } from '../../e2e/src/people.ts';
import { openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { ask, project } from '../src/compose.ts';
import { startSite } from './start-site.ts';

const running = await startSite();
const { site, http } = running;
afterAll(() => running.stop());

const owner = await signUpOwner(http, running);
const { browser } = await signInByLink(http, running, owner);
const api = await withApiKey(http, running, await signUp(http, running));
const create = () => api.call('POST', '/api/links', { url: 'http://hosts.test/' });
const { slug } = answered(201, await create()).json();
const clicks = new Set<string>();

const signedIn = [200, owner.target, 200];
const AWAY = expect.toBeOneOf([502, 503, 504]);

/** What is left while a host is stopped: following a link, creating one, and what asks for a session: API, private link, operations pages. */
test.each([
  ['worker', { follow: 302, create: 201, session: [200, owner.target, AWAY] }],
  ['create', { follow: 302, create: AWAY, session: [AWAY, owner.target, 200] }],
  ['redirect-1', { follow: 302, create: 201, session: signedIn }],
  ['shared', { follow: 302, create: 201, session: [503, 503, 503] }],
  ['data', { follow: 302, create: 503, session: [503, owner.target, 200] }],
])(
  'without the host %s goes on what does not need it, and all of it once it is back',
  async (host, left) => {
    await click(host);
    await ask([...project(site, host), 'stop']);
    // One request may meet the moment at which the edge learns of it.
    await until(async () => (await click(`${host}-after`)) === left.follow, { deadlineMs: 20_000 });
    expect({
      follow: await click(`${host}-gone`),
      create: (await create()).status,
      session: await openAll(browser, running, owner.slug),
    }).toEqual(left);

    await ask([...project(site, host), 'up', '--detach', '--wait']);
    const whole = async () =>
      (await click(`${host}-back`)) === 302 &&
      (await create()).status === 201 &&
      (await openAll(browser, running, owner.slug)).join() === signedIn.join();
    await until(whole, { deadlineMs: 60_000, message: `Not all is well since ${host} is back` });
  },
);

test('every click that was answered meanwhile is counted, once', async () => {
  const stored = async () => {
    const rows = await running.sql<{ id: string }>(
      `SELECT request_id AS id FROM clicks WHERE request_id LIKE 'outage-%'`,
    );
    return rows.map(({ id }) => id);
  };
  await until(async () => (await stored()).length >= clicks.size, { deadlineMs: 60_000 });
  expect((await stored()).sort()).toEqual([...clicks].sort());
});

let sent = 0;
/** Follows the link and returns the status. */
async function click(when: string): Promise<number> {
  sent += 1;
  const id = `outage-${when}-${sent}`;
  const { status } = await follow(http, running.shortOrigin, slug, { 'x-request-id': id });
  if (status === 302) clicks.add(id);
  return status;
}
