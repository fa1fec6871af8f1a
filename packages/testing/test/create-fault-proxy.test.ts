import { createFaultProxy, type FaultProxy, startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';

let redisPort: number;
let proxy: FaultProxy;

beforeAll(async () => {
  redisPort = (await startTestRedis()).port;
});
beforeEach(async () => {
  proxy = await createFaultProxy({ targetPort: redisPort });
});

/** A client that gives up at once, and after 200 ms without an answer. */
async function connectThroughProxy(port = proxy.port): Promise<Redis> {
  const client = new Redis(port, '127.0.0.1', {
    commandTimeout: 200,
    retryStrategy: () => null,
    lazyConnect: true,
  });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  await client.connect();
  return client;
}

test('passes everything on when there is no fault', async () => {
  const client = await connectThroughProxy();
  const value = 'x'.repeat(1_000_000);
  await client.set('large', value);
  expect(await client.get('large')).toBe(value);
});

test('cut resets connections and refuses new ones, until it is healed', async () => {
  const client = await connectThroughProxy();
  await proxy.cut();
  await until(() => client.status === 'end', { message: 'the connection was not reset' });
  await expect(connectThroughProxy()).rejects.toThrow('Connection is closed');

  await proxy.heal();
  expect(await (await connectThroughProxy()).ping()).toBe('PONG');
});

test('stall leaves the connection open and passes nothing, and heal passes what was held back', async () => {
  const client = await connectThroughProxy();
  proxy.stall();
  await expect(client.incr('calls')).rejects.toThrow('Command timed out');
  expect(client.status).toBe('ready');

  await proxy.heal();
  await until(async () => (await client.get('calls')) === '1');
});

test('with answers held back the server does what it is asked, and heal passes the answer', async () => {
  const client = await connectThroughProxy();
  const other = await connectThroughProxy(redisPort);
  proxy.holdAnswers();
  await expect(client.set('asked', 'yes')).rejects.toThrow('Command timed out');
  expect(await other.get('asked')).toBe('yes');

  await proxy.heal();
  expect(await client.ping()).toBe('PONG');
});

test('delay makes each answer late by twice the delay, in order', async () => {
  const client = await connectThroughProxy();
  proxy.delay(50);
  const start = performance.now();
  expect(await Promise.all([client.echo('a'), client.echo('b')])).toEqual(['a', 'b']);
  expect(performance.now() - start).toBeGreaterThanOrEqual(100);
});
