import { until } from '@shortstack/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSessionTag } from '../src/session-token.ts';
import { data, startSessions } from './session-fixture.ts';

// One node that has all slots refuses scripts whose keys lie in several, just as a larger Cluster does.
const { store, admin, close } = await startSessions({ 'cluster-enabled': 'yes' });
afterAll(close);
beforeAll(async () => {
  await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
  await until(async () => (await admin.cluster('INFO')).includes('cluster_state:ok'));
});

test('all keys of a user lie in one slot, so every change works on a Cluster', async () => {
  const tag = newSessionTag();
  const created = [];
  for (let i = 0; i < 7; i++) created.push(await store.create({ userId: 'u1', tag, data }));
  expect(await store.list(tag)).toHaveLength(5);

  const slots = (await admin.keys('*')).map((key) => admin.cluster('KEYSLOT', key));
  expect(new Set(await Promise.all(slots)).size).toBe(1);

  const token = created[6]?.token ?? '';
  expect(await store.update(token, { role: 'admin' })).toBe(true);
  const rotated = await store.rotate(token);
  expect(rotated?.session.data.role).toBe('admin');
  expect(await store.end(rotated?.token ?? '')).toBe(true);
  expect(await store.endAll(tag)).toBe(4);
  expect(await admin.dbsize()).toBe(0);
});
