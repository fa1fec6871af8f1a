import { checkAccess, connectRedis } from '@shortstack/redis';
import { createAuthority, startTlsRedis } from '@shortstack/servers';
import { startTestRedis } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';

const trial = ['get', 'link:trial'] as const;

async function checkTls(change: { ca?: string; servername?: string }): Promise<void> {
  const topology = await startTlsRedis();
  onTestFinished(() => topology.stop());
  const { url, tls } = topology.connection;
  const connection = connectRedis({ name: 'hub', url, tls: { ...tls, ...change } });
  onTestFinished(() => connection.close());
  await checkAccess(connection, trial);
}

test('a server that permits the trial is fine, and so is one that is away', async () => {
  const server = await startTestRedis();
  await expect(checkAccess(connect(server.url), trial)).resolves.toBeUndefined();
  await server.stop();
  await expect(checkAccess(connect(server.url), trial, 200)).resolves.toBeUndefined();
});

test('a missing grant is named', async () => {
  const server = await startTestRedis({
    settings: { user: 'guest on >guest-password ~other:* +get +ping +info' },
  });
  const url = server.url.replace(/\/\/.*@|\/\//, '//guest:guest-password@');
  await expect(checkAccess(connect(url), trial)).rejects.toMatchObject({
    code: 'REDIS_GRANT_MISSING',
    message:
      'Redis (session) does not permit GET on link:trial to the user of this service: a grant is missing.',
  });
});

test('a certificate by another authority, or for another host name, is refused with a sentence', async () => {
  await expect(checkTls({})).resolves.toBeUndefined();
  const { cert } = await createAuthority('somebody else', 1);
  await expect(checkTls({ ca: cert })).rejects.toMatchObject({
    code: 'REDIS_TLS_FAILED',
    message: expect.stringContaining('that the authority of this service does not vouch for'),
  });
  await expect(checkTls({ servername: 'elsewhere.test' })).rejects.toMatchObject({
    code: 'REDIS_TLS_FAILED',
    message: 'Redis (hub) has a certificate for another host name than its URL.',
  });
});
