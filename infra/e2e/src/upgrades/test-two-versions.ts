import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type PreviousVersion, until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../answered.ts';
import { follow } from '../follow.ts';
import { createHttpClient } from '../http-client.ts';
import { outboxDrained } from '../outbox-drained.ts';
import { type Caller, signIn, signUp, withApiKey } from '../people.ts';
import { readMetric } from '../read-metric.ts';
import { redisCommand } from '../redis-command.ts';
import { thisCheckout } from '../service-process.ts';
import { migrateFrom } from '../stack-database.ts';
import { startStack } from '../start-stack.ts';
import { watchChanges } from '../watch-changes.ts';
import { failedJobs, unreadLinks, waitingJobs } from './job-audit.ts';
import { openCheckout } from './open-checkout.ts';
import { startUpgradeLoad, target } from './upgrade-load.ts';
import { at, httpServices, jobsServices, type Version, versionAt } from './version.ts';

const two = {
  ...{ create: 2, redirect: 2, worker: 2 },
  ...{ 'create-jobs': 2, 'redirect-jobs': 2, 'worker-jobs': 2 },
};
/** More than create's jobs read in four seconds. */
const MANY = 100;
const COUNTED_MS = 15_000;

/**
 * An upgrade of a running stack from another version to this one, and back, step by step under load: each test leaves the stack as
 * the next one needs it.
 */
export async function testTwoVersions(previous: PreviousVersion): Promise<void> {
  console.log(`The version before is ${previous.commit.slice(0, 10)}, ${previous.is}.`);
  const checkout = await openCheckout(thisCheckout, previous.commit);
  afterAll(() => checkout.close());
  // The one exception of docs/upgrading.md: such a version's redirect and worker write into sessions to prolong them.
  const isException = !existsSync(join(checkout.root, 'packages/session/lua/prolong-session.lua'));
  const stack = await startStack({
    previousRoot: checkout.root,
    instances: two,
    mayBeDenied: isException ? /^redis-session: (redirect|worker) / : undefined,
  });
  const older = versionAt(stack, 'N−1', 0);
  const newer = versionAt(stack, 'N', 1);
  const bothWays = [
    [older, newer],
    [newer, older],
  ] as const;
  const http = createHttpClient();
  const load = await startUpgradeLoad(stack, older);
  const owner = await signUp(http, older);
  const api = await withApiKey(http, older, at(http, stack, older, owner));
  afterAll(async () => {
    await load.stop();
    http.close();
  });
  const step = (name: string, work: () => Promise<void>) =>
    test(`${name}`, async () => {
      await work();
      // Of the load, which never stops.
      expect(load.newFailures()).toEqual([]);
    });

  step('N−1 goes on while its database is migrated to N, and N starts beside it', async () => {
    await load.serve(older);
    await migrateFrom(thisCheckout, stack.postgres?.ownerUrl ?? '');
    await load.serve(older);
    await newer.start(httpServices);
    await load.serve(older, newer);
  });

  for (const [from, to] of bothWays) {
    step(
      `who signs in at one version is signed in at the other, and signed out (${from.name}, ${to.name})`,
      async () => {
        const person = await signUp(http, from);
        await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
        const admin = await signIn(http, from, person);
        const link = { url: 'http://private.test/', visibility: 'private' };
        const made = await at(http, stack, from, admin).call('POST', '/api/links', link);
        const { slug } = answered(201, made).json();

        expect(await whatOpens(to, admin, slug)).toEqual([200, link.url, 200]);
        expect(await whatOpens(from, admin, slug)).toEqual([200, link.url, 200]);
        answered(204, await at(http, stack, to, admin).call('POST', '/api/auth/logout'));
        const signedOut = [401, expect.stringContaining('/sign-in'), 401];
        expect(await whatOpens(from, admin, slug)).toEqual(signedOut);
        expect((await at(http, stack, from, person).call('GET', '/api/auth/me')).status).toBe(200);
      },
    );
  }

  step('the operations pages of either version show the processes of both', async () => {
    const person = await signUp(http, older);
    await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
    const { headers } = await signIn(http, older, person);
    const running = [...httpServices, ...jobsServices].map((service) => `${service}-1`);
    running.push(...httpServices.map((service) => `${service}-2`));
    for (const { opsOrigin } of [older, newer]) {
      await until(
        async () => {
          const overview = answered(200, await http.send(`${opsOrigin}/ops`, { headers })).json();
          const instances: { id: string; answered: boolean }[] = overview.instances;
          const answering = instances.filter((instance) => instance.answered).map(({ id }) => id);
          return answering.toSorted().join() === running.toSorted().join();
        },
        { message: 'Not every process answered' },
      );
    }
  });

  for (const [from, to] of bothWays) {
    step(
      `what one version puts into the cache the other answers from it (${from.name}, ${to.name})`,
      async () => {
        const creation = { url: 'http://cached.test/' };
        const byCreate = answered(
          201,
          await at(http, stack, from, api).call('POST', '/api/links', creation),
        );
        const byRedirect = answered(
          201,
          await at(http, stack, from, api).call('POST', '/api/links', creation),
        );
        const slugs: string[] = [byCreate.json().slug, byRedirect.json().slug];
        await outboxDrained(stack);
        const [, forgotten = ''] = slugs;
        const { url } = stack.redis.cache;
        const key = `redirect:link:${forgotten}`;
        await redisCommand(url, 'DEL', key);
        expect((await follow(http, from.shortOrigin, forgotten)).headers.location).toBe(
          creation.url,
        );
        await until(() => redisCommand(url, 'EXISTS', key), { message: 'It was not cached' });
        // As nobody may change a link: whoever reads the table shows it.
        await stack.sql(`UPDATE links SET url = 'http://table.test/' WHERE slug = ANY($1)`, [
          slugs,
        ]);
        for (const slug of slugs) {
          expect((await follow(http, to.shortOrigin, slug)).headers.location).toBe(creation.url);
        }
      },
    );
  }

  for (const [from, to] of bothWays) {
    step(
      `a link changed or deleted at one version is so at both within 5 s (${from.name}, ${to.name})`,
      async () => {
        const origins = [from.shortOrigin, to.shortOrigin];
        const watch = watchChanges(http, at(http, stack, from, api), origins);
        try {
          await watch.changeAll(`(changed at ${from.name})`);
        } finally {
          await watch.close();
        }
      },
    );
  }

  step('a repeated creation is answered by either version as by the first', async () => {
    for (const [from, to] of bothWays) {
      const key = { 'idempotency-key': `once-${from.name === older.name}` };
      const [first, again] = [
        await at(http, stack, from, api).call('POST', '/api/links', { url: target }, key),
        await at(http, stack, to, api).call('POST', '/api/links', { url: target }, key),
      ];
      expect(answered(201, again).json()).toEqual(answered(201, first).json());
    }
  });

  step('the jobs of N−1 do what both versions ask for', () => jobsWork(newer));

  step('jobs of N take over in the middle of N−1’s work', () => handOver(older, newer));

  step('the jobs of N do what both versions ask for', () => jobsWork(older));

  step('N−1 stops, and N goes on alone', () => leave(older, newer));

  step(
    'back again: N−1 starts on N’s database, and its jobs take over in the middle of N’s work',
    async () => {
      await older.start(httpServices);
      await load.serve(older, newer);
      await handOver(newer, older);
      await jobsWork(newer);
    },
  );

  step('N stops, and N−1 goes on alone', () => leave(newer, older));

  step('every click was counted once, and every job done', async () => {
    await load.stop();
    expect(await outboxDrained(stack)).toBe(true);
    await allCounted(load.clicks);
    const unread = () => unreadLinks(stack, load.created);
    await until(async () => (await unread()).length === 0, { deadlineMs: 30_000 });
    expect(await failedJobs(stack)).toEqual([]);
    console.log(`${load.clicks.length} clicks, ${load.created.length} links`);
  });

  /** Who am I, a private link, the operations pages: where each leads, or its status. */
  async function whatOpens(version: Version, person: Caller, slug: string) {
    const { cookie = '' } = person.headers;
    const answers = [
      await at(http, stack, version, person).call('GET', '/api/auth/me'),
      await follow(http, version.shortOrigin, slug, { cookie, accept: 'text/html' }),
      await http.send(`${version.opsOrigin}/ops`, {
        headers: { cookie, accept: 'application/json' },
      }),
    ];
    return answers.map(({ status, headers }) => headers.location ?? status);
  }

  /** Clicks by stream and by spool, an import and new links, all of `from`, are worked up by whichever jobs run. */
  async function jobsWork(from: Version): Promise<void> {
    const before = load.clicks.length;
    const { slug } = load;
    await Promise.all(Array.from({ length: 10 }, () => load.click(from, slug)));
    const importId = await importLinks(from);
    const created = await createMany(from);
    await allCounted(load.clicks.slice(before));

    const jobs = stack.redis['jobs-redirect'];
    await jobs.suspend();
    try {
      await Promise.all(Array.from({ length: 10 }, () => load.click(from, slug)));
      // The load goes to both.
      for (const version of [older, newer]) {
        await until(() => spooled(version), { message: `${version.name} has written no spool` });
      }
    } finally {
      await jobs.resume();
    }
    await allCounted([...load.clicks]);
    await until(async () => (await importOf(importId)).status === 'done', { deadlineMs: 15_000 });
    expect(await importOf(importId)).toMatchObject({ imported: 2, rejected: 1 });
    await allRead(created);
  }

  async function handOver(from: Version, to: Version): Promise<void> {
    const created = await createMany(from);
    await until(async () => (await waitingJobs(stack)) > MANY / 2);
    await from.stop(jobsServices);
    expect(await waitingJobs(stack)).toBeGreaterThan(0);
    // Nobody counts meanwhile.
    await Promise.all(Array.from({ length: 10 }, () => load.click(from, load.slug)));
    await to.start(jobsServices);
    await allRead(created);
    await allCounted([...load.clicks]);
  }

  /** `leaving` stops, and what it has left is used at `staying`. */
  async function leave(leaving: Version, staying: Version): Promise<void> {
    const person = await signUp(http, leaving);
    const mine = { url: 'http://mine.test/', visibility: 'private' };
    const made = await at(http, stack, leaving, person).call('POST', '/api/links', mine);
    const { slug } = answered(201, made).json();
    await load.serve(staying);
    await leaving.stop(httpServices);
    expect(await whatOpens(staying, person, slug)).toEqual([200, mine.url, 403]);
    await load.serve(staying);
    await allCounted([...load.clicks]);
  }

  async function createMany(version: Version): Promise<string[]> {
    const links = Array.from({ length: MANY }, () => ({ url: target }));
    const bulk = await at(http, stack, version, api).call('POST', '/api/links/bulk', { links });
    const { results }: { results: { link: { slug: string } }[] } = answered(200, bulk).json();
    return results.map(({ link }) => link.slug);
  }

  function spooled(version: Version): Promise<number> {
    const { internalUrl } = version.process('redirect');
    return readMetric(internalUrl, 'shortstack_clicks_waiting_bytes', { store: 'spool' });
  }

  async function importLinks(version: Version): Promise<string> {
    const answer = await fetch(`${version.appOrigin}/api/imports`, {
      method: 'POST',
      headers: { ...api.headers, 'content-type': 'text/csv' },
      body: `url\n${target}\nno url\n${target}\n`,
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { id: string }).id;
  }

  async function importOf(id: string) {
    const serving = at(http, stack, older, api);
    return answered(200, await serving.call('GET', `/api/imports/${id}`)).json();
  }

  async function allRead(slugs: readonly string[]): Promise<void> {
    await until(async () => (await unreadLinks(stack, slugs)).length === 0, {
      deadlineMs: 20_000,
      message: 'Not every target page was read',
    });
  }

  /** Waits until each of these clicks is counted; fails if one is counted twice. */
  async function allCounted(ids: readonly string[]): Promise<void> {
    const counted = await until(
      async () => {
        const rows = await stack.sql<{ id: string; times: number }>(
          'SELECT request_id AS id, count(*)::int AS times FROM clicks WHERE request_id = ANY($1) GROUP BY 1',
          [ids],
        );
        return rows.length === ids.length ? rows : undefined;
      },
      { deadlineMs: COUNTED_MS, message: 'Not every click was counted' },
    );
    expect(counted?.filter(({ times }) => times > 1)).toEqual([]);
  }
}
