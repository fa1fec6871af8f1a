import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { event, events } from './event.ts';
import { openPublisher, openReader, startHub, stream } from './hub.ts';

test('every reader gets every event from its start on, and nothing older', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish([event('old')]);
  const [one, two] = await Promise.all([openReader(hub.url), openReader(hub.url)]);
  await publisher.publish(events(1, 1_200));
  await until(() => one.told.length === 1_200 && two.told.length === 1_200);
  expect(one.told).toEqual(events(1, 1_200).map(({ id }) => id));
  expect(two.told).toEqual(one.told);
});

test('the first event that a stream ever has is no sign of a loss', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told } = await openReader(hub.url);
  await publisher.publish([event(1)]);
  await until(() => told.length > 0);
  expect(told).toEqual(['1']);
});

test('a cut connection is told, and what happened meanwhile is caught up', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const proxy = await createFaultProxy({ targetPort: hub.port });
  const { told, reader } = await openReader(`redis://127.0.0.1:${proxy.port}`);
  await publisher.publish([event(1)]);
  await until(() => told.length === 1);
  await proxy.cut();
  await until(() => reader.state === 'broken');
  await publisher.publish([event(2)]);
  await proxy.heal();
  await until(() => reader.state === 'live');
  expect(told).toEqual(['1', 'broken', '2', 'restored']);
});

test('a half-open connection is noticed and replaced', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const proxy = await createFaultProxy({ targetPort: hub.port });
  const { told, reader } = await openReader(`redis://127.0.0.1:${proxy.port}`);
  proxy.stall();
  await until(() => reader.state === 'broken');
  await publisher.publish([event(1)]);
  await proxy.heal();
  await until(() => reader.state === 'live');
  await until(() => told.includes('1'));
  expect(told).toEqual(['broken', '1', 'restored']);
});

test('a hub that hangs is told, and read on when it wakes up', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told, reader } = await openReader(hub.url);
  await hub.suspend();
  await until(() => reader.state === 'broken');
  await hub.resume();
  await until(() => publisher.publish([event(1)]));
  await until(() => told.includes('1') && reader.state === 'live');
  expect(told.filter((what) => what === '1')).toEqual(['1']);
  expect(told).not.toContain('restored, missed');
});

test('an emptied hub is noticed although nothing is published', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told } = await openReader(hub.url);
  await publisher.publish([event(1)]);
  await until(() => told.length === 1);
  await hub.client.flushall();
  await until(() => told.length === 3);
  await publisher.publish(events(1, 2));
  await until(() => told.length === 5);
  expect(told).toEqual(['1', 'broken', 'restored, missed', '1', '2']);
});

test('an emptied hub is noticed although events follow at once', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told } = await openReader(hub.url);
  await publisher.publish(events(1, 3));
  await until(() => told.length === 3);
  await hub.client.flushall();
  await publisher.publish(events(2, 9));
  await until(() => told.includes('9') && told.includes('restored, missed'));
  const after = told.slice(3).filter((what) => /^\d$/.test(what));
  expect(after).toEqual(events(2, 9).map(({ id }) => id));
});

test('a hub that comes back empty after a kill is read from its beginning', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told, reader } = await openReader(hub.url);
  await publisher.publish([event(1)]);
  await until(() => told.length === 1);
  await hub.stop();
  await until(() => reader.state === 'broken');
  await startTestRedis({ port: hub.port });
  await until(() => publisher.publish([event(2)]));
  await until(() => reader.state === 'live' && told.includes('2'), { deadlineMs: 10_000 });
  expect(told).toContain('restored, missed');
});

test('a reader that fell behind what is kept is told that it missed something', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { keepEntries: 2 });
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  await openReader(hub.url, {
    onEvent: async ({ id }) => {
      told.push(id);
      await gate.promise;
    },
    onBroken: () => void told.push('broken'),
    onRestored: ({ missed }) => void told.push(missed ? 'restored, missed' : 'restored'),
  });
  await publisher.publish([event(1)]);
  await until(() => told.length === 1);
  await publisher.publish(events(2, 9));
  expect(await publisher.trim()).toBe(2);
  gate.resolve();
  await until(() => told.at(-1) === 'restored, missed');
  expect(told).toEqual(['1', 'broken', '8', '9', 'restored, missed']);
});

test('an event whose handling fails counts as missed', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told } = await openReader(hub.url, {
    onEvent: () => {
      throw new Error('broken handler');
    },
  });
  await publisher.publish([event(1)]);
  await until(() => told.length === 2);
  expect(told).toEqual(['broken', 'restored, missed']);
});

test('a reader leaves no group behind', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { told } = await openReader(hub.url);
  await publisher.publish([event(1)]);
  await until(() => told.length === 1);
  expect(await hub.client.xinfo('GROUPS', stream)).toEqual([]);
});
