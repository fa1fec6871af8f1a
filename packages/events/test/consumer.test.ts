import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { unavailable } from '@shortstack/errors';
import { streamKeys } from '@shortstack/events';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { event, events } from './event.ts';
import { openConsumer, openPublisher, startHub, stream } from './hub.ts';

test('each event is handled once, in order, by one of the group and by every group', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { handled } = openConsumer(hub.url);
  const other = openConsumer(hub.url, { group: 'other' });
  await publisher.publish(events(1, 50));
  await until(() => handled.length === 50 && other.handled.length === 50);
  expect(handled).toEqual(events(1, 50).map(({ id }) => id));
  expect(other.handled).toEqual(handled);
});

test('two consumers of a group share the events', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const one = openConsumer(hub.url);
  const two = openConsumer(hub.url, { consumer: 'two' });
  await publisher.publish(events(1, 200));
  await until(() => one.handled.length + two.handled.length === 200);
  expect(new Set([...one.handled, ...two.handled]).size).toBe(200);
});

test('an event that is published again is dropped, whichever consumer gets it', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const one = openConsumer(hub.url);
  await publisher.publish([event(1), event(1), event(2)]);
  await until(() => one.handled.length === 2);
  await one.close();
  const two = openConsumer(hub.url, { consumer: 'two' });
  await publisher.publish([event(2), event(3)]);
  await until(() => two.handled.length === 1);
  expect([one.handled, two.handled]).toEqual([['1', '2'], ['3']]);
  expect([one.stats().duplicates, two.stats().duplicates]).toEqual([1, 1]);
});

test('events of an unknown type are passed over', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { handled } = openConsumer(hub.url);
  await publisher.publish([event(1, 'from.the.future'), event(2, 'constructor'), event(3)]);
  await until(() => handled.length === 1);
  expect(handled).toEqual(['3']);
  expect(await hub.client.exists(streamKeys(stream).dead('group'))).toBe(0);
});

test('an event that fails a few times is handled before the next one', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const tried: string[] = [];
  const { stats } = openConsumer(hub.url, {
    handlers: {
      'test.happened': async ({ id }) => {
        tried.push(id);
        if (tried.length < 3) throw new Error('not yet');
      },
    },
  });
  await publisher.publish(events(1, 2));
  await until(() => stats().handled === 2);
  expect(tried).toEqual(['1', '1', '1', '2']);
});

test('an event that always fails, and an entry that is none, go to the dead letters and stop nothing', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const errors: unknown[] = [];
  const { stats, handled } = openConsumer(hub.url, {
    maxAttempts: 2,
    handlers: {
      'test.happened': async ({ id }) => {
        if (id === '1') throw new Error('never');
        handled.push(id);
      },
    },
    onError: (error, about) => errors.push([(error as Error).message, about?.id]),
  });
  await publisher.publish([event(1)]);
  await hub.client.xadd(stream, '*', 'no', 'event');
  await publisher.publish([event(2)]);
  await until(() => stats().handled === 1);
  expect(handled).toEqual(['2']);
  expect(errors).toEqual([
    ['never', '1'],
    ['never', '1'],
  ]);
  const dead = await hub.client.xrange(streamKeys(stream).dead('group'), '-', '+');
  expect(dead.map(([, fields]) => [fields[1], fields.at(-1)])).toEqual([
    ['1', 'never'],
    ['event', 'not an event'],
  ]);
  expect((await hub.client.xpending(stream, 'group'))[0]).toBe(0);
});

test('an outage of what a handler needs costs no attempts', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  let tries = 0;
  const { stats } = openConsumer(hub.url, {
    maxAttempts: 1,
    handlers: {
      'test.happened': async () => {
        tries += 1;
        if (tries < 4) throw unavailable('DATABASE_UNAVAILABLE', 'away');
      },
    },
  });
  await publisher.publish([event(1)]);
  await until(() => stats().handled === 1);
  expect([tries, stats().dead]).toEqual([4, 0]);
});

test('events of a killed consumer are taken over', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const file = new URL('./fixtures/stuck-consumer.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=source', file, hub.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await publisher.publish(events(1, 5));
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  const { handled } = openConsumer(hub.url, { claimAfterMs: 300 });
  await until(() => handled.length === 5);
  expect(handled).toEqual(['1', '2', '3', '4', '5']);
});

test('a slow handler keeps its events to itself', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const finish = Promise.withResolvers<void>();
  const begun: string[] = [];
  const slow = openConsumer(hub.url, {
    claimAfterMs: 150,
    handlers: {
      'test.happened': async ({ id }) => {
        begun.push(id);
        await finish.promise;
      },
    },
  });
  await publisher.publish(events(1, 3));
  await until(() => begun.length === 1);
  const other = openConsumer(hub.url, { consumer: 'two', claimAfterMs: 150 });
  await publisher.publish([event(4)]);
  await until(() => other.handled.length === 1);
  const idle = async () =>
    (await hub.client.xpending(stream, 'group', '-', '+', 10)) as unknown[][];
  const since = performance.now();
  await until(async () => performance.now() - since > 400 && (await idle()).length === 3);
  finish.resolve();
  await until(() => slow.stats().handled === 3);
  expect([begun, other.handled]).toEqual([['1', '2', '3'], ['4']]);
});

test('an event that kills its process each time ends among the dead letters', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish([event(1)]);
  await hub.client.xgroup('CREATE', stream, 'group', '0');
  for (let delivery = 0; delivery < 21; delivery += 1) {
    const from = delivery === 0 ? '>' : '0';
    await hub.client.xreadgroup('GROUP', 'group', 'one', 'STREAMS', stream, from);
  }
  const { handled, stats } = openConsumer(hub.url);
  await until(() => stats().dead === 1);
  expect(handled).toEqual([]);
});

test('closing finishes the event in hand and offers the others to the group at once', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const finish = Promise.withResolvers<void>();
  const begun: string[] = [];
  const one = openConsumer(hub.url, {
    handlers: {
      'test.happened': async ({ id }) => {
        begun.push(id);
        await finish.promise;
      },
    },
  });
  await publisher.publish(events(1, 4));
  await until(() => begun.length === 1);
  const closed = one.close();
  finish.resolve();
  await closed;
  expect([begun, one.stats().handled]).toEqual([['1'], 1]);
  const two = openConsumer(hub.url, { consumer: 'two' });
  await until(() => two.handled.length === 3);
  expect(two.handled).toEqual(['2', '3', '4']);
});

test('a consumer that leaves, or is gone for an hour, is forgotten unless it holds events', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish([event(1)]);
  await hub.client.xgroup('CREATE', stream, 'group', '0');
  await hub.client.xreadgroup('GROUP', 'group', 'holding', 'STREAMS', stream, '>');
  const names = async () => {
    const consumers = (await hub.client.xinfo('CONSUMERS', stream, 'group')) as unknown[][];
    return consumers.map((fields) => fields[1]);
  };
  const one = openConsumer(hub.url);
  await until(async () => (await names()).includes('one'));
  await one.close();
  expect(await names()).toEqual(['holding']);
});

test('an emptied hub is read from its beginning', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { handled } = openConsumer(hub.url);
  await publisher.publish([event(1)]);
  await until(() => handled.length === 1);
  await hub.client.flushall();
  await publisher.publish(events(2, 3));
  await until(() => handled.length === 3);
  expect(handled).toEqual(['1', '2', '3']);
});

test('a group that someone destroyed is made again where it was: nothing is skipped, and nothing repeated', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  // Without a memory of duplicates, so that only the position counts.
  const { handled } = openConsumer(hub.url, { seenWindowMs: 1 });
  await publisher.publish(events(1, 3));
  const position = () => hub.client.hget(streamKeys(stream).positions, 'group');
  const end = (await hub.client.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[0];
  await until(async () => (await position()) === end);
  await hub.client.multi().xgroup('DESTROY', stream, 'group').xadd(stream, '*', 'x', 'y').exec();
  await publisher.publish([event(4)]);
  await until(() => handled.includes('4'));
  expect(handled).toEqual(['1', '2', '3', '4']);
});

test('a group is made again before what was in hand when it went', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const stuck = Promise.withResolvers<void>();
  const one = openConsumer(hub.url, {
    consumer: 'stuck',
    seenWindowMs: 1,
    handlers: { 'test.happened': () => stuck.promise },
  });
  await publisher.publish([event(1)]);
  await until(async () => (await publisher.groups())[0]?.pending === 1);
  const two = openConsumer(hub.url, { consumer: 'two', seenWindowMs: 1 });
  await publisher.publish([event(2)]);
  await until(() => hub.client.hexists(streamKeys(stream).positions, 'group'));
  await hub.client.xgroup('DESTROY', stream, 'group');
  await until(() => two.handled.length === 3);
  expect(two.handled).toEqual(['2', '1', '2']);
  stuck.resolve();
  await one.close();
});

test('a stream that lost its end is read from its beginning, whatever position is stored', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await hub.client.hset(streamKeys(stream).positions, 'group', '9999999999999-0');
  await publisher.publish(events(1, 2));
  const { handled } = openConsumer(hub.url);
  await until(() => handled.length === 2);
  expect(handled).toEqual(['1', '2']);
});

test('an entry that was trimmed while it was pending leaves the list of what is pending', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish(events(1, 3));
  await hub.client.xgroup('CREATE', stream, 'group', '0');
  await hub.client.xreadgroup('GROUP', 'group', 'one', 'COUNT', 2, 'STREAMS', stream, '>');
  await hub.client.xtrim(stream, 'MAXLEN', 1);
  const { handled } = openConsumer(hub.url);
  await until(() => handled.length === 1);
  await until(async () => (await publisher.groups())[0]?.pending === 0);
  expect(handled).toEqual(['3']);
});

test('a consumer goes on after its hub hung', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  let failures = 0;
  const { handled } = openConsumer(hub.url, { onError: () => (failures += 1) });
  await publisher.publish([event(1)]);
  await until(() => handled.length === 1);
  await hub.suspend();
  await until(() => failures > 0);
  await hub.resume();
  await until(() => publisher.publish([event(2)]));
  await until(() => handled.length === 2);
  expect(handled).toEqual(['1', '2']);
});

test('a consumer goes on when its hub was killed and comes back empty', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const { handled } = openConsumer(hub.url);
  await publisher.publish([event(1)]);
  await until(() => handled.length === 1);
  await hub.stop();
  await startTestRedis({ port: hub.port });
  await until(() => publisher.publish([event(2)]));
  await until(() => handled.length === 2, { deadlineMs: 10_000 });
  expect(handled).toEqual(['1', '2']);
});

test('closing ends in time although the hub hangs', async () => {
  const hub = await startHub();
  const { close } = openConsumer(hub.url);
  await until(() => hub.client.exists(stream));
  await hub.suspend();
  onTestFinished(() => hub.resume());
  const begun = performance.now();
  await close();
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test('the lag of a group is told', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  await publisher.publish(events(1, 7));
  const never = new Promise<void>(() => {});
  const { stats } = openConsumer(hub.url, { handlers: { 'test.happened': () => never } });
  await until(() => stats().lag === 7);
  expect(stats()).toEqual({ handled: 0, duplicates: 0, dead: 0, lag: 7 });
});

test('each try of a handler runs inside `around`, which knows the trace that the event was published with', async () => {
  const hub = await startHub();
  const publisher = await openPublisher(hub.url);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const tries: unknown[] = [];
  let isBroken = true;
  const { stats } = openConsumer(hub.url, {
    handlers: {
      'test.happened': async () => {
        if (isBroken) throw new Error('once');
      },
    },
    async around({ id, traceparent: trace }, work) {
      const outcome = await work().then(
        () => 'done',
        (error: Error) => error,
      );
      tries.push([id, trace, outcome instanceof Error ? outcome.message : outcome]);
      if (outcome instanceof Error) {
        isBroken = false;
        throw outcome;
      }
    },
  });
  await publisher.publish([{ ...event(1), traceparent }, event(2)]);
  await until(() => stats().handled === 2);
  expect(tries).toEqual([
    ['1', traceparent, 'once'],
    ['1', traceparent, 'done'],
    ['2', undefined, 'done'],
  ]);
});
