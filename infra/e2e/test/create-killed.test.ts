import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { caller, signUp, withApiKey } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  instances: { create: 2, 'create-jobs': 0, 'redirect-jobs': 0, 'worker-jobs': 0 },
});
const http = createHttpClient();
const [one, two] = stack.services.create;
if (!one || !two) throw new Error('There are two instances of create.');

test('create killed between commit and answer: a retry with the same key creates nothing twice', async () => {
  const person = await signUp(http, stack);
  const key = await withApiKey(http, stack, person);
  let cutOff = 0;
  // A kill that comes too late finds the request answered: then that round has shown nothing.
  for (let round = 1; cutOff < 2 && round <= 10; round += 1) {
    const body = { url: `http://killed.test/${round}` };
    const idempotency = { 'idempotency-key': `killed-${round}` };
    // A cache that hangs holds the answer back for a moment after the commit.
    await stack.redis.cache.suspend();
    const unanswered = key.call('POST', '/api/links', body, idempotency).then(
      () => 0,
      () => 1,
    );
    await until(async () => (await linksTo(body.url)).length > 0);
    await one.kill();
    await stack.redis.cache.resume();
    cutOff += await unanswered;

    const stored = await linksTo(body.url);
    const other = caller(http, { appOrigin: two.origin }, key.headers);
    const retried = await other.call('POST', '/api/links', body, idempotency);
    expect([retried.status, retried.json().slug]).toEqual([201, stored[0]?.slug]);
    await one.start();
    const late = await key.call('POST', '/api/links', body, idempotency);
    expect([late.status, late.json()]).toEqual([201, retried.json()]);
    expect(await linksTo(body.url)).toEqual(stored);
  }
  expect(cutOff).toBe(2);
}, 60_000);

function linksTo(url: string): Promise<{ slug: string }[]> {
  return stack.sql<{ slug: string }>('SELECT slug FROM links WHERE url = $1', [url]);
}
