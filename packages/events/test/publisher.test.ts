import { streamKeys } from '@shortstack/events';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { event, events } from './event.ts';
import { openConsumer, openPublisher, startHub, stream } from './hub.ts';

test('events are appended in order and numbered without gaps', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  expect(await publisher.publish(events(1, 3))).toBe(true);
  expect(await publisher.publish([event(4)])).toBe(true);
  const entries = await hub.client.xrange(stream, '-', '+');
  const fields = entries.map(([, pairs]) => [pairs[1], Number(pairs[9])] as const);
  expect(fields.map(([id]) => id)).toEqual(['1', '2', '3', '4']);
  const first = fields[0]?.[1] ?? 0;
  expect(fields.map(([, number]) => number - first)).toEqual([0, 1, 2, 3]);
});

test('a batch is refused once the stream has lost the batch before', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  expect(await publisher.publish([event(1)], { after: 0, stamp: 1_000 })).toBe(true);
  expect(await publisher.holds(1_000)).toBe(true);
  expect(await publisher.publish([event(2)], { after: 1_000, stamp: 1_001 })).toBe(true);
  await hub.client.flushall();
  expect(await publisher.holds(1_001)).toBe(false);
  expect(await publisher.publish([event(3)], { after: 1_001, stamp: 1_002 })).toBe(false);
  expect(await hub.client.exists(stream)).toBe(0);
});

test('a hub restored from an older copy has lost the batches after it', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish([event(1)], { after: 0, stamp: 1_000 });
  await publisher.publish([event(2)], { after: 1_000, stamp: 1_001 });
  await hub.client.hset(streamKeys(stream).state, 'stamp', '1000');
  expect(await publisher.holds(1_000)).toBe(true);
  expect(await publisher.holds(1_001)).toBe(false);
});

test('trimming keeps what a group has not read and what it has not acknowledged', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { keepEntries: 0 });
  await publisher.publish(events(1, 20));
  await hub.client.xgroup('CREATE', stream, 'ahead', '$');
  await hub.client.xgroup('CREATE', stream, 'behind', '0');
  expect(await publisher.trim()).toBe(20);

  const reply = (await hub.client.xreadgroup(
    ...(['GROUP', 'behind', 'one', 'COUNT', 10, 'STREAMS', stream, '>'] as const),
  )) as [string, [string, string[]][]][];
  const ids = reply[0]?.[1].map(([id]) => id) ?? [];
  expect(await publisher.trim()).toBe(20);
  // All but the fourth are acknowledged: that one holds the stream.
  await hub.client.xack(stream, 'behind', ...ids.filter((_, index) => index !== 3));
  expect(await publisher.trim()).toBe(17);
  await hub.client.xack(stream, 'behind', ids[3] ?? '');
  expect(await publisher.trim()).toBe(10);
  expect((await hub.client.xrange(stream, '-', '+', 'COUNT', 1))[0]?.[1][1]).toBe('11');
});

test('the newest entries stay for readers without a group', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { keepEntries: 5 });
  await publisher.publish(events(1, 20));
  expect(await publisher.trim()).toBe(5);
  expect(await publisher.trim()).toBe(5);
});

test('readers lag while the slowest group needs as much as is allowed, and no longer', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { keepEntries: 2, maxReaderLag: 10 });
  await hub.client.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
  await publisher.publish(events(1, 9));
  expect(await publisher.isLagging()).toBe(false);
  await publisher.publish([event(10)]);
  expect(await publisher.isLagging()).toBe(true);
  expect(await publisher.groups()).toEqual([{ group: 'group', lag: 10, pending: 0 }]);
  const { handled } = openConsumer(hub.url);
  await until(() => handled.length === 10);
  await until(async () => !(await publisher.isLagging()));
  expect(await hub.client.xlen(stream)).toBe(2);
});

test('a stream that does not exist has no groups and nothing to trim', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  expect(await publisher.groups()).toEqual([]);
  expect(await publisher.trim()).toBe(0);
  expect(await publisher.isLagging()).toBe(false);
});

test('all keys of a stream share a slot', async () => {
  const slot = (key: string) => /\{(.+)\}/.exec(key)?.[1] ?? key;
  const keys = streamKeys(stream);
  const all = [keys.stream, keys.state, keys.seen('group'), keys.dead('group')];
  expect(new Set(all.map(slot)).size).toBe(1);
});

test('a full hub can still be read, acknowledged and trimmed', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { keepEntries: 1 });
  const consumer = openConsumer(hub.url);
  await publisher.publish(events(1, 20));
  await until(() => consumer.handled.length === 20);
  await hub.client.config('SET', 'maxmemory', '1');
  const left = await until(async () => {
    const entries = await publisher.trim();
    return entries === 1 && [entries];
  });
  expect(left).toEqual([1]);
});
