import {
  unsubscribe as offDiagnostics,
  subscribe as onDiagnostics,
} from 'node:diagnostics_channel';
import { createNotifier, createSubscriber, type SubscriberOptions } from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { createFaultProxy, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startHub } from './hub.ts';

const channel = 'test:notices';

async function openNotifier(url: string) {
  const redis = connectRedis({ url, name: 'hub' });
  onTestFinished(() => redis.close());
  await redis.ready();
  return createNotifier({ redis });
}

function openSubscriber(url: string, options: Partial<SubscriberOptions> = {}) {
  const subscriber = createSubscriber({ url, beatMs: 50, ...options });
  onTestFinished(() => subscriber.close());
  /** Notes what it is told, in order. */
  const listen = async (to = channel) => {
    const told: unknown[] = [];
    const subscription = subscriber.subscribe({
      channel: to,
      parse: (data) => (typeof data === 'number' ? data : undefined),
      onMessage: (message) => void told.push(message),
      onLive: () => void told.push('live'),
    });
    await until(() => told.length > 0);
    return { told, close: () => subscription.close() };
  };
  return { subscriber, listen };
}

test('a message reaches every listener of its channel, and no other', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  const { listen } = openSubscriber(hub.url);
  const [one, two, other] = await Promise.all([listen(), listen(), listen('test:others')]);
  await notify(channel, 1);
  await until(() => one.told.length === 2 && two.told.length === 2);
  expect([one.told, two.told, other.told]).toEqual([['live', 1], ['live', 1], ['live']]);
});

test('all channels of a process share one connection, and a closed subscription leaves none behind', async () => {
  const hub = await startHub();
  const { listen } = openSubscriber(hub.url);
  const listeners = await Promise.all([listen('a'), listen('a'), listen('b')]);
  const clients = String(await hub.client.call('CLIENT', 'LIST', 'TYPE', 'pubsub'))
    .trim()
    .split('\n');
  expect(clients).toHaveLength(1);
  const channels = async () => (await hub.client.pubsub('CHANNELS')) as string[];
  expect(await channels()).toHaveLength(3);
  for (const { close } of listeners) close();
  await until(async () => (await channels()).length === 1);
});

test('a channel that is left and joined again at once is heard', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  const { subscriber, listen } = openSubscriber(hub.url);
  (await listen()).close();
  subscriber.subscribe({ channel, parse: Number, onMessage: () => {} }).close();
  const { told } = await listen();
  await notify(channel, 7);
  await until(() => told.includes(7));
  expect(told).toEqual(['live', 7]);
});

test('after a cut the listeners are told from when on they hear everything again', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  const proxy = await createFaultProxy({ targetPort: hub.port });
  const { subscriber, listen } = openSubscriber(`redis://127.0.0.1:${proxy.port}`);
  const { told } = await listen();
  await proxy.cut();
  await until(() => subscriber.state === 'broken');
  await notify(channel, 1);
  await proxy.heal();
  await until(() => told.length === 2);
  await notify(channel, 2);
  await until(() => told.length === 3);
  expect(told).toEqual(['live', 'live', 2]);
});

test('a half-open connection, and a subscription that Redis dropped, are noticed', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  const proxy = await createFaultProxy({ targetPort: hub.port });
  const { subscriber, listen } = openSubscriber(`redis://127.0.0.1:${proxy.port}`);
  const { told } = await listen();
  proxy.stall();
  await until(() => subscriber.state === 'broken');
  await proxy.heal();
  await until(() => told.length === 2);
  await hub.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(() => told.length === 3);
  await notify(channel, 1);
  await until(() => told.length === 4);
  expect(told).toEqual(['live', 'live', 'live', 1]);
});

test('a hub that hangs, is killed and comes back is heard again', async () => {
  const hub = await startHub();
  const { subscriber, listen } = openSubscriber(hub.url);
  const { told } = await listen();
  await hub.suspend();
  await until(() => subscriber.state === 'broken');
  await hub.resume();
  await until(() => subscriber.state === 'live' && told.length === 2);
  await hub.kill();
  await until(() => subscriber.state === 'broken');
  await hub.restart();
  await until(() => told.length === 3);
  expect(told).toEqual(['live', 'live', 'live']);
});

test('a hub that is away at the start is listened to once it is there', async () => {
  const hub = await startHub();
  await hub.kill();
  const { subscriber, listen } = openSubscriber(hub.url);
  const listening = listen();
  expect(subscriber.state).toBe('starting');
  await hub.restart();
  expect((await listening).told).toEqual(['live']);
});

test('what is no JSON, unknown or too large is dropped and counted, and a listener that throws stops nobody', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  const errors: unknown[] = [];
  const { subscriber, listen } = openSubscriber(hub.url, {
    onError: (error) => errors.push(error),
  });
  subscriber.subscribe({
    channel,
    parse: (data) => data,
    onMessage() {
      throw new Error('a bad listener');
    },
  });
  const { told } = await listen();
  const refused: string[] = [];
  const count = (message: unknown) => {
    const { name, attributes } = message as { name: string; attributes: { reason: string } };
    if (name === 'events.notices_refused') refused.push(attributes.reason);
  };
  onDiagnostics('shortstack:events', count);
  onTestFinished(() => void offDiagnostics('shortstack:events', count));
  await hub.client.publish(channel, '{');
  await hub.client.publish(channel, `"${'x'.repeat(65_536)}"`);
  await notify(channel, 'not a number');
  await notify(channel, 1);
  await until(() => told.length === 2);
  expect(refused).toEqual(['not JSON', 'size', 'unknown form']);
  expect(errors).toHaveLength(2);
  await expect(notify(channel, 'x'.repeat(65_536))).rejects.toThrow(RangeError);
});

test('channels are bounded', async () => {
  const hub = await startHub();
  const { subscriber, listen } = openSubscriber(hub.url, { maxChannels: 1 });
  await listen();
  await listen();
  const more = { channel: 'another', parse: Number, onMessage: () => {} };
  expect(() => subscriber.subscribe(more)).toThrow(RangeError);
});

test('a notice to a hub that is away is refused in time', async () => {
  const hub = await startHub();
  const { notify } = await openNotifier(hub.url);
  await hub.suspend();
  await expect(notify(channel, 1)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  await hub.resume();
});
