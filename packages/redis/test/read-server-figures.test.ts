import { readServerFigures } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { connect, unavailable } from './connect.ts';

/** Without `client|setname` each connection would be a refusal itself. */
const metricsUser = '+client|setname +info +slowlog|len +slowlog|get +acl|log';

const server = await startTestRedis({
  maxmemory: '64mb',
  settings: {
    appendonly: 'yes',
    'slowlog-log-slower-than': 0,
    user: [
      `metrics on >pw resetkeys +ping ${metricsUser}`,
      'modest on >pw resetkeys +ping +client|setname +info',
      'nobody on >pw ~* +get +set',
      `curious on >pw ~own:* +get ${metricsUser}`,
    ],
  },
});
const as = (user: string) => connect(server.url.replace('redis://', `redis://${user}:pw@`));

test('a server tells of its memory, its clients, its append-only file, slow commands and refusals', async () => {
  const curious = as('curious');
  await curious.ready();
  for (let i = 0; i < 3; i += 1) {
    await expect(curious.run((client) => client.get('foreign'))).rejects.toThrow('NOPERM');
  }
  const redis = as('metrics');
  await redis.ready();
  const figures = await readServerFigures(redis, { logs: true });
  expect(figures).toEqual({
    usedMemoryBytes: expect.any(Number),
    maxMemoryBytes: 64 * 1_024 ** 2,
    mayEvict: 0,
    evictedKeys: 0,
    rejectedConnections: 0,
    connectedClients: expect.any(Number),
    commandsProcessed: expect.any(Number),
    aofEnabled: 1,
    aofWriteOk: 1,
    aofRewriteOk: 1,
    snapshotOk: 1,
    slowCommands: expect.any(Number),
    newestSlowCommandMs: expect.any(Number),
    aclDenials: 3,
  });
  expect(figures.slowCommands).toBeGreaterThan(0);
  expect(figures.usedMemoryBytes).toBeGreaterThan(100_000);
});

test('without its logs a server is asked for nothing but INFO', async () => {
  const modest = as('modest');
  await modest.ready();
  const figures = await readServerFigures(modest);
  expect(figures).toMatchObject({ aofEnabled: 1, maxMemoryBytes: 64 * 1_024 ** 2 });
  expect(figures).not.toHaveProperty('slowCommands');
  const admin = connect(server.url);
  await admin.ready();
  expect(String(await admin.run((client) => client.acl('LOG')))).not.toContain('modest');
});

test('what a user may not read is left out', async () => {
  const redis = as('nobody');
  await redis.ready();
  expect(await readServerFigures(redis, { logs: true })).toEqual({});
});

test('a server that is away is no empty answer', async () => {
  const redis = connect('redis://127.0.0.1:1');
  await expect(readServerFigures(redis)).rejects.toMatchObject(unavailable);
});
