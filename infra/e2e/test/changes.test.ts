import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { openStack } from '../src/open-stack.ts';
import { signUp, withApiKey } from '../src/people.ts';

/** The promise: how long a changed link may still be served as it was. */
const STALE_MS = 5_000;
const LINKS = 12;
const { stack, local } = await openStack({
  instances: { redirect: 2, 'redirect-jobs': 0, worker: 0, 'worker-jobs': 0 },
});
const http = createHttpClient({ connections: 8 });
const api = await withApiKey(http, stack, await signUp(http, stack));
/** Two instances of redirect, or whatever stands before them. */
const origins = local?.services.redirect.map(({ origin }) => origin) ?? [stack.shortOrigin];

interface Seen {
  at: number;
  origin: string;
  slug: string;
  /** Where it led, or the status when it led nowhere. */
  outcome: string;
}
const seen: Seen[] = [];
let slugs: string[] = [];
const stopping = new AbortController();
const load = Promise.all(origins.map(followAll));
afterAll(async () => {
  stopping.abort();
  await load;
  http.close();
});

test('an edited or deleted link is followed nowhere as it was, at most 5 s later', async () => {
  expect(await changeAll('with the relay')).toBeLessThan(STALE_MS);
}, 30_000);

if (local) {
  test('the same with the relay dead', async () => {
    await local.services['create-jobs'][0]?.kill();
    expect(await changeAll('without the relay')).toBeLessThan(STALE_MS);
  }, 30_000);

  test('the same with the hub dead', async () => {
    await local.redis.hub.destroy();
    expect(await changeAll('without the hub')).toBeLessThan(STALE_MS);
  }, 30_000);
}

/**
 * Changes half of some new links and deletes the others while all are being followed at both instances. Resolves to the
 * longest time, in milliseconds, that one was still served as it was.
 */
async function changeAll(name: string): Promise<number> {
  const made: string[] = [];
  for (let index = 0; index < LINKS; index += 1) {
    const answer = await api.call('POST', '/api/links', { url: `http://old.test/${index}` });
    made.push(answered(201, answer).json().slug);
  }
  slugs = made;
  await everyoneHasSeen(made, (outcome) => outcome.startsWith('http://old.test/'), 0);

  const changedAt = new Map<string, number>();
  for (const [index, slug] of made.entries()) {
    const answer =
      index % 2 === 0
        ? await api.call('PATCH', `/api/links/${slug}`, { url: `http://new.test/${index}` })
        : await api.call('DELETE', `/api/links/${slug}`);
    answered(index % 2 === 0 ? 200 : 204, answer);
    changedAt.set(slug, performance.now());
  }
  const lastChange = performance.now();
  const isNew = (outcome: string) => outcome.startsWith('http://new.test/') || outcome === '410';
  await everyoneHasSeen(made, isNew, lastChange);
  // And it doesn't come back.
  await pause(1_000);

  const delays = origins.flatMap((origin) =>
    made.map((slug) => {
      const since = changedAt.get(slug) ?? 0;
      const stale = seen.filter(
        (one) =>
          one.origin === origin && one.slug === slug && one.at > since && !isNew(one.outcome),
      );
      expect(stale.every(({ outcome }) => outcome.startsWith('http://old.test/'))).toBe(true);
      return Math.max(0, ...stale.map(({ at }) => at - since));
    }),
  );
  delays.sort((a, b) => a - b);
  const median = delays[Math.floor(delays.length / 2)] ?? 0;
  const longest = delays.at(-1) ?? 0;
  const asked = seen.filter(({ at }) => at > lastChange).length / delays.length;
  const everyMs = (performance.now() - lastChange) / asked;
  console.log(
    `Stale ${name}: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms; each link asked every ${everyMs.toFixed(0)} ms`,
  );
  return longest;
}

/** Waits until the latest answer for each link, asked after `since`, is so at both instances; fails after 5 s. */
async function everyoneHasSeen(
  wanted: readonly string[],
  isSo: (outcome: string) => boolean,
  since: number,
): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const left = origins.flatMap((origin) =>
      wanted.filter((slug) => {
        const latest = seen.findLast((one) => one.origin === origin && one.slug === slug);
        return latest === undefined || latest.at <= since || !isSo(latest.outcome);
      }),
    );
    if (left.length === 0) return;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= STALE_MS) throw new Error(`After 5 s not yet so: ${left.join(', ')}`);
    await pause(5);
  }
}

/** Follows all links at one instance, in turn and again and again. */
async function followAll(origin: string): Promise<void> {
  for (let index = 0; !stopping.signal.aborted; index += 1) {
    const slug = slugs[index % slugs.length];
    if (slug !== undefined) {
      const at = performance.now();
      const { status, headers } = await follow(http, origin, slug);
      seen.push({ at, origin, slug, outcome: headers.location ?? String(status) });
    }
    await pause(2);
  }
}
