import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../src/index.ts';
import { redisClient } from './connect.ts';

const directory = fileURLToPath(new URL('../../../infra/redis/', import.meta.url));

/** What the table of roles in `infra/redis/README.md` promises. */
const roles: Record<string, Record<string, string>> = {
  'session.conf': durable('always'),
  'hub.conf': durable('everysec'),
  'jobs.conf': durable('everysec'),
  'jobs-redirect.conf': durable('always'),
  'cache.conf': {
    'maxmemory-policy': 'allkeys-lfu',
    maxmemory: String(64 * 1024 * 1024),
    appendonly: 'no',
    save: '',
  },
};

function durable(appendfsync: string): Record<string, string> {
  return {
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync,
    'no-appendfsync-on-rewrite': 'no',
    save: '',
  };
}

test('every configuration file is listed here', async () => {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.conf'));
  expect(files.sort()).toEqual(Object.keys(roles).sort());
});

for (const [name, settings] of Object.entries(roles)) {
  test(`a server with ${name} runs with the policy of its role`, async () => {
    const configFile = directory + name;
    const server = await startRedis({ ephemeral: true, configFile, maxmemory: '64mb' });
    onTestFinished(() => server.stop());
    const values = await redisClient(server.url).config('GET', ...Object.keys(settings));
    expect(pairs(values as string[])).toEqual(settings);
  });
}

test('the cache has a limit even when nobody gives one', async () => {
  const server = await startRedis({ ephemeral: true, configFile: `${directory}cache.conf` });
  onTestFinished(() => server.stop());
  const [, limit] = (await redisClient(server.url).config('GET', 'maxmemory')) as string[];
  expect(Number(limit)).toBeGreaterThan(0);
});

function pairs(values: string[]): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((name, index) => (index % 2 ? [] : [[name, values[index + 1] ?? '']])),
  );
}
