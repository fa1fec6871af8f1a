import {
  createOutboxRelay,
  type Outbox,
  type OutboxRelayOptions,
  type Publisher,
} from '@shortstack/events';
import type { RedisClient } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openConsumer, openPublisher, startHub, stream } from './hub.ts';
import { createMemoryOutbox } from './memory-outbox.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function idsIn(client: RedisClient): Promise<number[]> {
  const entries = await client.xrange(stream, '-', '+');
  return entries.map(([, fields]) => Number(fields[1]));
}

/** A relay that only looks when it is woken, unless told otherwise. */
function openRelay(
  options: Pick<OutboxRelayOptions, 'outbox' | 'publisher'> & Partial<OutboxRelayOptions>,
) {
  const relay = createOutboxRelay({ pollIntervalMs: 50, ...options });
  onTestFinished(() => relay.close());
  return relay;
}

test('rows are published in the order of their ids and marked, batch by batch', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  memory.add(range(1, 250));
  const relay = openRelay({ outbox: memory.outbox, publisher });
  await until(() => memory.unpublished() === 0);
  expect(await idsIn(hub.client)).toEqual(range(1, 250));
  expect(relay.state).toEqual({ leading: true, paused: false, published: 250, resent: 0 });
});

test('a notification wakes the relay long before it would look by itself', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  const { outbox, wake } = memory;
  const relay = openRelay({ outbox, publisher, wake, pollIntervalMs: 600_000 });
  await until(() => relay.state.leading);
  for (const id of range(1, 5)) {
    memory.add([id]);
    await until(() => memory.unpublished() === 0);
  }
  expect(await idsIn(hub.client)).toEqual(range(1, 5));
});

test('a row is found without a notification, and a lower id that was committed late too', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  openRelay({ outbox: memory.outbox, publisher });
  memory.add([5, 6], { notify: false });
  await until(() => memory.unpublished() === 0);
  memory.add([4, 7], { notify: false });
  await until(() => memory.unpublished() === 0);
  expect(await idsIn(hub.client)).toEqual([5, 6, 4, 7]);
});

test('one relay publishes at a time, and the next takes over when it closes or loses its session', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  const relays = [1, 2, 3].map(() => openRelay({ outbox: memory.outbox, publisher }));
  const leaders = () => relays.filter(({ state }) => state.leading);
  await until(() => leaders().length === 1);
  const first = leaders()[0];
  await first?.close();
  await until(() => leaders().length === 1 && leaders()[0] !== first);
  memory.endSession();
  memory.add(range(1, 10));
  await until(() => memory.unpublished() === 0 && leaders().length === 1);
  expect(await idsIn(hub.client)).toEqual(range(1, 10));
});

test('an emptied hub gets the rows of the last hour again, although nothing new is written', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  const relay = openRelay({ outbox: memory.outbox, publisher });
  memory.add(range(1, 20));
  await until(() => memory.unpublished() === 0);
  await hub.client.flushall();
  await until(async () => (await idsIn(hub.client)).length === 20);
  expect(await idsIn(hub.client)).toEqual(range(1, 20));
  expect(relay.state.resent).toBe(20);
});

test('a hub that was emptied while no relay ran gets its rows again from the next one', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  const first = openRelay({ outbox: memory.outbox, publisher });
  memory.add(range(1, 3));
  await until(() => memory.unpublished() === 0);
  await first.close();
  await hub.client.flushall();
  memory.add([4]);
  openRelay({ outbox: memory.outbox, publisher });
  await until(async () => (await idsIn(hub.client)).length === 4);
  expect(await idsIn(hub.client)).toEqual(range(1, 4));
});

test('rows older than an hour are deleted once published, and not sent again', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  let time = 1_800_000_000_000;
  const now = () => time;
  openRelay({ outbox: memory.outbox, publisher, now });
  memory.add([1]);
  await until(() => memory.unpublished() === 0);
  time += 3_600_001;
  await until(() => memory.size() === 0);
  memory.add([2]);
  await until(() => memory.unpublished() === 0);
  expect([memory.size(), await idsIn(hub.client)]).toEqual([1, [1, 2]]);
});

test('the relay pauses while readers lag, so that the hub never fills', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url, { maxReaderLag: 100, keepEntries: 10 });
  const memory = createMemoryOutbox();
  await hub.client.xgroup('CREATE', stream, 'group', '0', 'MKSTREAM');
  const relay = openRelay({ outbox: memory.outbox, publisher, batchSize: 30 });
  memory.add(range(1, 1_000));
  await until(() => relay.state.paused);
  expect(await hub.client.xlen(stream)).toBe(120);
  const { handled } = openConsumer(hub.url);
  await until(() => handled.length === 1_000, { deadlineMs: 15_000 });
  expect(handled).toEqual(range(1, 1_000).map(String));
  await until(() => !relay.state.paused);
});

test('while the hub is away or hangs rows wait, and all arrive when it is back', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  const errors: unknown[] = [];
  const { outbox } = memory;
  openRelay({ outbox, publisher, onError: (error) => errors.push(error) });
  memory.add([1]);
  await until(() => memory.unpublished() === 0);
  await hub.suspend();
  memory.add([2]);
  await until(() => errors.length > 0);
  await hub.resume();
  await until(() => memory.unpublished() === 0);
  await hub.stop();
  memory.add([3]);
  const seen = errors.length;
  await until(() => errors.length > seen);
  expect(memory.unpublished()).toBe(1);
  await startTestRedis({ port: hub.port });
  await until(() => memory.unpublished() === 0, { deadlineMs: 15_000 });
  // The new server is empty, so the rows before come again too.
  await until(async () => new Set(await idsIn(hub.client)).size === 3);
  expect(new Set(await idsIn(hub.client))).toEqual(new Set([1, 2, 3]));
});

test('a database that fails is tried again', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const memory = createMemoryOutbox();
  let left = 4;
  const flaky = interrupted(memory.outbox, async (call) => {
    left -= 1;
    if (left > 0) throw new Error('connection lost');
    return call();
  });
  memory.add([1, 2]);
  const errors: unknown[] = [];
  openRelay({ outbox: flaky, publisher, onError: (error) => errors.push(error) });
  await until(() => memory.unpublished() === 0);
  expect(errors).toHaveLength(3);
  expect(await idsIn(hub.client)).toEqual([1, 2]);
});

test('killed anywhere, a relay loses no row and keeps the order of its own run', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const kill = fc.record({
    step: fc.integer({ min: 1, max: 20 }),
    after: fc.boolean(),
    emptiesHub: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 4 }), async (kills) => {
      await hub.client.flushall();
      const memory = createMemoryOutbox();
      memory.add(range(1, 12));
      for (const { step, after, emptiesHub } of kills) {
        const before = (await idsIn(hub.client)).length;
        await runUntilKilled(memory, publisher, step, after);
        const sent = (await idsIn(hub.client)).slice(before);
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
        if (emptiesHub) await hub.client.flushall();
      }
      const last = createOutboxRelay({ outbox: memory.outbox, publisher, pollIntervalMs: 1 });
      await until(async () => {
        const sent = new Set(await idsIn(hub.client));
        return memory.unpublished() === 0 && sent.size === 12;
      });
      await last.close();
    }),
    { numRuns: 50 },
  );
});

async function runUntilKilled(
  memory: ReturnType<typeof createMemoryOutbox>,
  publisher: Publisher,
  step: number,
  after: boolean,
) {
  const killed = Promise.withResolvers<boolean>();
  const dies = killAt(step, after, () => killed.resolve(true));
  const relay = createOutboxRelay({
    outbox: interrupted(memory.outbox, dies),
    publisher: interrupted(publisher, dies),
    batchSize: 3,
    pollIntervalMs: 1,
  });
  const finished = until(() => memory.unpublished() === 0).then(() => relay.close());
  await Promise.race([killed.promise, finished]);
  memory.endSession();
}

type Interruption = <T>(call: () => Promise<T>) => Promise<T>;

/** All methods of an object, each through `around`. */
function interrupted<T extends Outbox | Publisher>(target: T, around: Interruption): T {
  return new Proxy(target, {
    get: (object, name) => {
      const method = Reflect.get(object, name) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => around(() => method.apply(object, args));
    },
  });
}

/** From a step on nothing returns, like in a killed process; the effect of that step happens or not. */
function killAt(step: number, after: boolean, onKill: () => void): Interruption {
  let steps = 0;
  return async (call) => {
    steps += 1;
    if (steps < step) return call();
    if (steps === step && after) await call().catch(() => {});
    onKill();
    return new Promise(() => {});
  };
}
