import { checkServerPolicy, connectRedis, warnOfServerPolicy } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const durable = {
  maxmemoryPolicy: 'noeviction',
  appendonly: true,
  appendfsync: 'everysec',
} as const;

async function connected(url: string, name: string) {
  const connection = connectRedis({ url, name });
  onTestFinished(() => connection.close());
  await connection.ready();
  return connection;
}

describe('the policy check', () => {
  test('has nothing to say about a server that fits its role', async () => {
    const server = await startTestRedis({
      settings: { 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'everysec' },
    });
    expect(await checkServerPolicy(await connected(server.url, 'jobs'), durable)).toEqual([]);
  });

  test('names each setting that differs', async () => {
    const server = await startTestRedis({
      settings: { 'maxmemory-policy': 'allkeys-lfu', appendonly: 'no', appendfsync: 'no' },
    });
    expect(await checkServerPolicy(await connected(server.url, 'hub'), durable)).toEqual([
      'Redis (hub): maxmemory-policy is allkeys-lfu; this role expects noeviction.',
      'Redis (hub): appendonly is no; this role expects yes.',
      'Redis (hub): appendfsync is no; this role expects everysec.',
    ]);
  });

  test('wants a limit where memory must be bounded', async () => {
    const cache = { maxmemoryPolicy: 'allkeys-lfu', appendonly: false, limited: true };
    const settings = { 'maxmemory-policy': 'allkeys-lfu', appendonly: 'no' };
    const [unlimited, limited] = await Promise.all([
      startTestRedis({ settings }),
      startTestRedis({ settings, maxmemory: '64mb' }),
    ]);
    expect(await checkServerPolicy(await connected(unlimited.url, 'cache'), cache)).toEqual([
      'Redis (cache): maxmemory is not set; this role expects a limit.',
    ]);
    expect(await checkServerPolicy(await connected(limited.url, 'cache'), cache)).toEqual([]);
  });

  test('warns in the background, and again when the server comes back with other settings', async () => {
    const server = await startTestRedis({ settings: { appendonly: 'no' } });
    const session = await connected(server.url, 'session');
    const warnings: string[] = [];
    onTestFinished(
      warnOfServerPolicy(session, { maxmemoryPolicy: 'noeviction', appendonly: true }, (warning) =>
        warnings.push(warning),
      ),
    );
    const noAof = 'Redis (session): appendonly is no; this role expects yes.';
    await until(() => warnings.length === 1);
    await server.stop();
    await startTestRedis({ port: server.port, settings: { 'maxmemory-policy': 'allkeys-lru' } });
    await until(() => warnings.length === 3);
    expect(warnings).toEqual([
      noAof,
      'Redis (session): maxmemory-policy is allkeys-lru; this role expects noeviction.',
      noAof,
    ]);
  });

  test('refuses jobs on a server that evicts keys', async () => {
    const server = await startTestRedis({ settings: { 'maxmemory-policy': 'allkeys-lru' } });
    await expect(
      checkServerPolicy(await connected(server.url, 'jobs'), durable),
    ).rejects.toMatchObject({ code: 'REDIS_POLICY_REFUSED' });
  });

  test('says what it may not read', async () => {
    const server = await startTestRedis({
      settings: { user: 'app on >pw ~* &* +@all -config -info' },
    });
    const url = server.url.replace('redis://', 'redis://app:pw@');
    const warnings = await checkServerPolicy(await connected(url, 'jobs'), durable);
    expect(warnings).toHaveLength(3);
    for (const warning of warnings) expect(warning).toContain('could not be read');
  });
});
