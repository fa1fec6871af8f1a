import { createNotifier, createSubscriber, followValue } from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startHub } from './hub.ts';

const channel = 'test:changed';

/** Follows `source.value`, which the test changes. */
async function follow({ pollMs }: { pollMs: number }) {
  const hub = await startHub();
  const source = { value: 1, isAway: false, loads: 0 };
  const redis = connectRedis({ url: hub.url, name: 'hub' });
  const subscriber = createSubscriber({ url: hub.url, beatMs: 50 });
  const changes: number[] = [];
  const followed = followValue({
    subscriber,
    channel,
    pollMs,
    initial: 0,
    async load() {
      source.loads += 1;
      const { value } = source;
      await new Promise((resolve) => setImmediate(resolve));
      if (source.isAway) throw new Error('away');
      return value;
    },
    onChange: (value) => void changes.push(value),
  });
  onTestFinished(async () => {
    await followed.close();
    await Promise.all([subscriber.close(), redis.close()]);
  });
  await redis.ready();
  await until(() => subscriber.state === 'live' && followed.current === 1);
  return { hub, source, followed, changes, ...createNotifier({ redis }) };
}

test('a change is known as soon as it is announced', async () => {
  const { source, followed, changes, notify } = await follow({ pollMs: 60_000 });
  source.value = 2;
  await notify(channel, null);
  await until(() => followed.current === 2, { deadlineMs: 1_000 });
  expect(changes).toEqual([1, 2]);
});

test('without the hub it is found by polling', async () => {
  const { hub, source, followed } = await follow({ pollMs: 100 });
  await hub.kill();
  source.value = 2;
  await until(() => followed.current === 2);
  expect(followed.current).toBe(2);
});

test('a notice that was missed is made up for when the subscriber is back', async () => {
  const { hub, source, followed } = await follow({ pollMs: 60_000 });
  await hub.kill();
  source.value = 2;
  await hub.restart();
  await until(() => followed.current === 2);
  expect(followed.current).toBe(2);
});

test('while the source is away the last known value holds', async () => {
  const { source, followed } = await follow({ pollMs: 50 });
  source.isAway = true;
  source.value = 2;
  const { loads } = source;
  await until(() => source.loads > loads + 3);
  expect(followed.current).toBe(1);
  source.isAway = false;
  await until(() => followed.current === 2);
});

test('a reading that has begun before a change does not stand for it', async () => {
  const { source, followed } = await follow({ pollMs: 60_000 });
  const early = followed.refresh();
  source.value = 2;
  await Promise.all([followed.refresh(), followed.refresh(), early]);
  expect(followed.current).toBe(2);
});
