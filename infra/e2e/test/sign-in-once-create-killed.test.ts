import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { startLoadBalancer } from '../src/load-balancer.ts';
import { type Caller, caller, signUp } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  instances: {
    create: 2,
    redirect: 0,
    worker: 0,
    'create-jobs': 0,
    'redirect-jobs': 0,
    'worker-jobs': 0,
  },
});
const [one, two] = stack.services.create;
if (!one || !two) throw new Error('There are two instances of create.');
const balancer = await startLoadBalancer([one.origin, two.origin]);
afterAll(() => balancer.close());
// Each request is a connection, so that they alternate.
const http = createHttpClient({ connections: 0 });

test('two instances of create behind a load balancer, one killed: nobody is signed out', async () => {
  const people: Caller[] = [];
  for (let made = 0; made < 4; made += 1) {
    const { headers } = await signUp(http, { ...stack, appOrigin: balancer.origin });
    people.push(caller(http, { appOrigin: balancer.origin }, headers));
  }
  const servedBy = new Set<unknown>();
  const seen = new Map<number | 'cut off', number>();
  let goesOn = true;
  const ask = async (person: Caller) => {
    const answer = await person.call('GET', '/api/auth/me').catch(() => undefined);
    const status = answer?.status ?? 'cut off';
    seen.set(status, (seen.get(status) ?? 0) + 1);
    if (answer) servedBy.add(answer.headers['x-served-by']);
    return status;
  };
  const asking = people.map(async (person) => {
    while (goesOn) await ask(person);
  });
  await until(() => servedBy.size === 2 && (seen.get(200) ?? 0) > 20);
  await one.kill();
  const cutOff = seen.get('cut off') ?? 0;
  const before = seen.get(200) ?? 0;
  await until(() => (seen.get(200) ?? 0) > before + 20);
  goesOn = false;
  await Promise.all(asking);

  expect([...seen.keys()].filter((status) => status !== 200 && status !== 'cut off')).toEqual([]);
  // Once it is gone, each may lose what was in flight there, and no more.
  expect((seen.get('cut off') ?? 0) - cutOff).toBeLessThanOrEqual(people.length);
  for (const person of people) expect(await ask(person)).toBe(200);
});
