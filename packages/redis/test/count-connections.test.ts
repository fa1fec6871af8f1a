import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { openSubscriber } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';

/** Adds up what the gauge of open connections would show. */
function watchGauge(name: string) {
  let open = 0;
  const add = (message: unknown) => {
    const { change = 0, attributes } = message as {
      change?: number;
      attributes: { connection?: string };
    };
    if (attributes.connection === name) open += change;
  };
  subscribe('shortstack:redis', add);
  onTestFinished(() => void unsubscribe('shortstack:redis', add));
  return () => open;
}

test('the gauge of open connections counts what the server counts, also duplicates and after an outage', async () => {
  const server = await startTestRedis();
  const admin = connect(server.url, { name: 'admin' });
  await admin.ready();
  const open = watchGauge('budget');
  const listed = async () => {
    const clients = (await admin.run((client) => client.client('LIST'))) as string;
    return clients.split('\n').filter((line) => line.includes(' name=budget ')).length;
  };

  const redis = connect(server.url, { name: 'budget' });
  await redis.ready();
  expect([open(), await listed()]).toEqual([1, 1]);
  const options = { channel: 'news', onMessage: () => {}, onSubscribed: () => {} };
  const close = openSubscriber(redis, options);
  await until(async () => open() === 2 && (await listed()) === 2);

  await server.kill();
  await until(() => open() === 0);
  await server.restart();
  await until(async () => open() === 2 && (await listed()) === 2);

  close();
  await redis.close();
  await until(async () => open() === 0 && (await listed()) === 0);
});
