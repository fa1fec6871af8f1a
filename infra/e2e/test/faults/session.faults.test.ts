import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { type FaultName, loading, readOnly, redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';
import { goesOn } from '../../src/faults/traffic.ts';
import { readMetric } from '../../src/read-metric.ts';

const house = await openHouse('session');
const { stack, visitors, traffic } = house;
const { session } = stack.redis;
const { create, redirect, worker } = stack.services;
const newcomer = await visitors.signUp();
const unavailable = '503 REDIS_UNAVAILABLE';
const reading = { otherwise: unavailable, full: goesOn, 'read-only': goesOn };
const writing = { otherwise: unavailable, 'read-only': '503 SESSIONS_READ_ONLY' };

testFaults({
  house,
  faults: {
    ...redisFaults(session),
    'read-only': readOnly(session),
    loading: loading(session),
  },
  breakers: { connection: 'session', of: [...create, ...redirect, ...worker] },
  table: {
    redirect: {
      'a known link': goesOn,
      'a link not in memory': goesOn,
      'a maxClicks link': goesOn,
      'a private link': reading,
    },
    create: {
      'a creation, by session': reading,
      'a creation, by key': goesOn,
      'who am I': reading,
      'who am I, no cookie': goesOn,
      'who am I, malformed': goesOn,
      'a sign-in': writing,
      'a registration': writing,
    },
    worker: { 'the operations page': reading },
  },
  meanwhile: touchesAreSkipped,
  afterwards: refusedRegistrationsLeftNothing,
});

testNothingLost(house);

test('back but empty: everybody is signed out with 401, and can sign in', async () => {
  const me = async () => (await visitors.person.call('GET', '/api/auth/me')).status;
  await session.destroy();
  await until(async () => (await me()) === 503);
  await session.startEmpty();
  const statuses = new Set<number>();
  await until(async () => {
    const status = await me();
    statuses.add(status);
    return status === 401;
  });
  expect([...statuses].filter((status) => status !== 503)).toEqual([401]);
});

async function touchesAreSkipped(fault: FaultName): Promise<void> {
  if (fault !== 'read-only') return;
  // Its first request here touches it, or would.
  expect((await newcomer.call('GET', '/api/auth/me')).status).toBe(200);
  await until(async () => (await touchesSkipped()) > 0, { message: 'No touch was skipped' });
}

async function refusedRegistrationsLeftNothing(): Promise<void> {
  const refused = traffic.samples.filter(
    ({ flow, status }) => flow === 'a registration' && status === 503,
  );
  const emails = refused.map(({ index }) => visitors.registrationEmail(index));
  const accounts = await stack.sql('SELECT email FROM accounts WHERE email = ANY($1)', [emails]);
  expect(accounts).toEqual([]);
}

function touchesSkipped(): Promise<number> {
  const [first] = create;
  return readMetric(first?.internalUrl ?? '', 'shortstack_session_touch_failures_total');
}
