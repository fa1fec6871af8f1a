import { startTestRedis, startTokenIssuer } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { appOrigin, startWorkerHttp } from './start-worker.ts';

test('an access token of an administrator reads the overview, also while sessions and create are away', async () => {
  const [session, hub] = [await startTestRedis(), await startTestRedis()];
  const worker = await startWorkerHttp({
    REDIS_SESSION_URL: session.url,
    REDIS_HUB_URL: hub.url,
  });
  const issuer = await startTokenIssuer({ hubUrl: hub.url, issuer: appOrigin });
  const get = async (claims: Parameters<typeof issuer.issue>[0]) => {
    const authorization = `Bearer ${await issuer.issue(claims)}`;
    const answer = await fetch(`${worker.url}/ops`, { headers: { authorization } });
    const { code = 'OK' } = (await answer.json()) as { code?: string };
    return `${answer.status} ${code}`;
  };
  expect(await get({ sub: 'ann', role: 'admin' })).toBe('200 OK');
  expect(await get({ sub: 'bob', role: 'user' })).toBe('403 ADMIN_REQUIRED');
  expect(await get({ sub: 'ann', role: 'admin', iss: 'https://evil.example' })).toBe(
    '401 ACCESS_TOKEN_INVALID',
  );
  expect(await get({ sub: 'ann', role: 'admin', exp: 1 })).toBe('401 ACCESS_TOKEN_INVALID');

  issuer.stop();
  await session.stop();
  expect(await get({ sub: 'ann', role: 'admin' })).toBe('200 OK');
});
