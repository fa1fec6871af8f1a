import {
  createBroadcastReader,
  createConsumer,
  createNotifier,
  createPublisher,
  createSubscriber,
  createWatchList,
  type StreamEvent,
  streamKeys,
} from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { startTestTopology, until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { event, events } from './event.ts';

const { connection } = await startTestTopology();
const hub = connectRedis({ ...connection, name: 'hub', commandTimeoutMs: 2_000 });
await hub.ready();
afterAll(() => hub.close());

let streams = 0;
/** A stream of the test's own, with its writer. */
function newStream(options: { maxReaderLag?: number; keepEntries?: number } = {}) {
  streams += 1;
  const stream = `contract:events:${process.pid}:${streams}`;
  return {
    stream,
    keys: streamKeys(stream),
    ...createPublisher({ redis: hub, stream, ...options }),
  };
}

/** A consumer that notes the ids of what it handled. */
function consume(stream: string, options: Partial<Parameters<typeof createConsumer>[0]> = {}) {
  const handled: string[] = [];
  const consumer = createConsumer({
    ...connection,
    stream,
    group: 'group',
    consumer: 'one',
    blockMs: 200,
    drainTimeoutMs: 1_000,
    handlers: { 'test.happened': async ({ id }: StreamEvent) => void handled.push(id) },
    ...options,
  });
  onTestFinished(() => consumer.close());
  return { handled, consumer };
}

async function broadcast(stream: string) {
  const told: string[] = [];
  const reader = createBroadcastReader({
    ...connection,
    stream,
    blockMs: 200,
    onEvent: ({ id }) => void told.push(id),
    onBroken: () => void told.push('broken'),
    onRestored: ({ missed }) => void told.push(missed ? 'restored, missed' : 'restored'),
  });
  onTestFinished(() => reader.close());
  await reader.ready();
  return told;
}

test('events are published in order, and numbered without gaps', async () => {
  const { stream, publish } = newStream();
  await publish(events(1, 3));
  const entries = await hub.run((client) => client.xrange(stream, '-', '+'));
  const fields = entries.map(([, each]) => [each[1], Number(each.at(-1))]);
  const first = Number(fields[0]?.[1]);
  expect(fields).toEqual([
    ['1', first],
    ['2', first + 1],
    ['3', first + 2],
  ]);
});

test('a batch is refused once the stream has lost the one before', async () => {
  const { publish, holds, stream } = newStream();
  expect(await publish([event(1)], { after: 0, stamp: 10 })).toBe(true);
  expect(await publish([event(2)], { after: 10, stamp: 20 })).toBe(true);
  await hub.run((client) => client.del(stream));
  expect(await holds(20)).toBe(false);
  expect(await publish([event(3)], { after: 20, stamp: 30 })).toBe(false);
});

test('each event is handled by one of a group, and by every group', async () => {
  const { stream, publish } = newStream();
  const one = consume(stream);
  const two = consume(stream, { consumer: 'two' });
  const other = consume(stream, { group: 'other' });
  await publish(events(1, 60));
  await until(() => one.handled.length + two.handled.length === 60);
  await until(() => other.handled.length === 60);
  expect(new Set([...one.handled, ...two.handled]).size).toBe(60);
  expect(other.handled).toEqual(events(1, 60).map(({ id }) => id));
});

test('an event that is waited for is handled at once', async () => {
  const { stream, publish } = newStream();
  const { handled } = consume(stream, { blockMs: 1_500 });
  await publish([event(1)]);
  await until(() => handled.length === 1);
  await publish([event(2)]);
  await until(() => handled.length === 2, { deadlineMs: 1_000 });
  expect(handled).toEqual(['1', '2']);
});

test('an event that is published again is dropped', async () => {
  const { stream, publish } = newStream();
  const { handled, consumer } = consume(stream);
  await publish([event(1), event(1), event(2)]);
  await until(() => handled.length === 2);
  await until(() => consumer.stats().duplicates === 1);
  expect(handled).toEqual(['1', '2']);
});

test('an event that always fails goes to the dead letters and stops nothing', async () => {
  const { stream, keys, publish } = newStream();
  const { handled } = consume(stream, {
    maxAttempts: 1,
    handlers: {
      'test.failed': async () => {
        throw new Error('never');
      },
      'test.happened': async ({ id }) => void handled.push(id),
    },
  });
  await publish([event(1, 'test.failed'), event(2)]);
  await until(() => handled.length === 1);
  const [letter] = await hub.run((client) => client.xrange(keys.dead('group'), '-', '+'));
  expect(letter?.[1]).toEqual(expect.arrayContaining(['id', '1', 'reason', 'never']));
});

test('what a consumer left unfinished is taken over by another', async () => {
  const { stream, publish } = newStream();
  await publish(events(1, 3));
  await hub.run(async (client) => {
    await client.xgroup('CREATE', stream, 'group', '0');
    await client.xreadgroup('GROUP', 'group', 'dead', 'COUNT', 2, 'STREAMS', stream, '>');
  });
  const { handled } = consume(stream, { claimAfterMs: 300 });
  await until(() => handled.length === 3);
  expect(handled.sort()).toEqual(['1', '2', '3']);
});

test('a group that is gone is made again, and nothing is skipped or repeated', async () => {
  const { stream, publish } = newStream();
  const { handled } = consume(stream);
  await publish([event(1)]);
  await until(() => handled.length === 1);
  await hub.run((client) => client.xgroup('DESTROY', stream, 'group'));
  await publish([event(2)]);
  await until(() => handled.includes('2'));
  expect(handled).toEqual(['1', '2']);
});

test('trimming drops what every group has handled, and nothing else', async () => {
  const { stream, publish, trim } = newStream({ keepEntries: 2 });
  await publish(events(1, 10));
  await hub.run(async (client) => {
    await client.xgroup('CREATE', stream, 'slow', '0');
    await client.xreadgroup('GROUP', 'slow', 'one', 'COUNT', 4, 'STREAMS', stream, '>');
  });
  expect(await trim()).toBe(10);
  await hub.run(async (client) => {
    const read = await client.xrange(stream, '-', '+', 'COUNT', 4);
    await client.xack(stream, 'slow', ...read.map(([id]) => id));
  });
  expect(await trim()).toBe(6);
});

test('the lag of a group is told, and stops the writer', async () => {
  const { stream, publish, groups, isLagging } = newStream({ maxReaderLag: 3, keepEntries: 0 });
  await hub.run((client) => client.xgroup('CREATE', stream, 'slow', '0', 'MKSTREAM'));
  await publish(events(1, 2));
  expect(await isLagging()).toBe(false);
  await publish([event(3)]);
  expect(await isLagging()).toBe(true);
  expect(await groups()).toEqual([{ group: 'slow', lag: 3, pending: 0 }]);
});

test('every broadcast reader gets every event from its start on', async () => {
  const { stream, publish } = newStream();
  await publish([event('old')]);
  const [one, two] = await Promise.all([broadcast(stream), broadcast(stream)]);
  await publish(events(1, 20));
  await until(() => one.length === 20 && two.length === 20);
  expect(one).toEqual(events(1, 20).map(({ id }) => id));
});

test('a broadcast reader notices that its stream is gone', async () => {
  const { stream, keys, publish } = newStream();
  const told = await broadcast(stream);
  await publish([event(1)]);
  await until(() => told.length === 1);
  await hub.run((client) => client.del(keys.stream, keys.state));
  await until(() => told.includes('restored, missed'));
  expect(told).toContain('broken');
});

test('a notice reaches every listener that is live, of its channel alone', async () => {
  const { notify } = createNotifier({ redis: hub });
  const subscriber = createSubscriber({ ...connection, beatMs: 200 });
  onTestFinished(() => subscriber.close());
  const told: unknown[] = [];
  for (const channel of ['contract:a', 'contract:a', 'contract:b']) {
    subscriber.subscribe({
      channel,
      parse: (data) => data,
      onMessage: (message) => void told.push([channel, message]),
      onLive: () => void told.push('live'),
    });
  }
  await until(() => told.length === 3);
  await notify('contract:a', { n: 1 });
  await until(() => told.length === 5);
  expect(told.slice(3)).toEqual(Array(2).fill(['contract:a', { n: 1 }]));
});

test('who is on a watch list leaves it in time', async () => {
  const list = createWatchList({ redis: hub, key: `contract:watched:${process.pid}`, ttlMs: 200 });
  expect(await list.add(['1', '2'])).toBe(true);
  expect((await list.members()).sort()).toEqual(['1', '2']);
  await until(async () => (await list.members()).length === 0);
});
