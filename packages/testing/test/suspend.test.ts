import { resume, startTestRedis, suspend } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

test('a suspended server answers nothing until it is resumed', async () => {
  const { pid, url } = await startTestRedis();
  const client = new Redis(url, { commandTimeout: 100 });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  await client.ping();

  suspend(pid);
  await expect(client.ping()).rejects.toThrow('Command timed out');
  resume(pid);
  expect(await client.ping()).toBe('PONG');
});
