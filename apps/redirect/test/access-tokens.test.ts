import { startTokenIssuer } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { insertAccount, insertLink } from './links.ts';
import { appOrigin, startStack } from './start-redirect.ts';

const stack = await startStack();
const { sql, redis } = stack;
const redirect = await stack.startHttp();

const privateLink = async () => {
  const account_id = await insertAccount(sql);
  const url = 'https://example.com/private';
  const { slug } = await insertLink(sql, { account_id, visibility: 'private', url });
  const get = (token: string) =>
    redirect.get(`/${slug}`, { authorization: `Bearer ${token}`, accept: 'text/html' });
  return { owner: account_id, get };
};
const codeOf = ({ status, body }: { status: number; body: string }) =>
  `${status} ${/[A-Z]+_[A-Z_]+/.exec(body)?.[0] ?? ''}`;

test('an access token opens the private links of its owner, and nobody else’s', async () => {
  const issuer = await startTokenIssuer({ hubUrl: redis.hub.url, issuer: appOrigin });
  const link = await privateLink();
  const answer = await link.get(await issuer.issue({ sub: link.owner }));
  expect([answer.status, answer.headers.location]).toEqual([302, 'https://example.com/private']);
  expect((await link.get(await issuer.issue({ sub: await insertAccount(sql) }))).status).toBe(404);

  const expired = { sub: link.owner, exp: Math.floor(Date.now() / 1_000) - 10 };
  const foreign = { sub: link.owner, iss: 'https://evil.example' };
  for (const wrong of [expired, foreign]) {
    expect((await link.get(await issuer.issue(wrong))).status).toBe(401);
  }
});

test('tokens are checked while sessions, the hub and create are all away, also after a key was replaced', async () => {
  const own = await startStack(stack.database);
  const instance = await own.startHttp();
  const issuer = await startTokenIssuer({ hubUrl: own.redis.hub.url, issuer: appOrigin });
  const account_id = await insertAccount(sql);
  const { slug } = await insertLink(sql, { account_id, visibility: 'private' });
  const get = async (token: Promise<string>) =>
    (await instance.get(`/${slug}`, { authorization: `Bearer ${await token}` })).status;
  const old = issuer.issue({ sub: account_id });
  await issuer.rotate();
  expect(await get(old)).toBe(302);
  expect(await get(issuer.issue({ sub: account_id }))).toBe(302);

  issuer.stop();
  await own.redis.session.stop();
  await own.redis.hub.stop();
  expect(await get(old)).toBe(302);
  expect(await get(issuer.issue({ sub: account_id }))).toBe(302);
});

test('without its keys no token counts: it is an outage, and public links are followed', async () => {
  const own = await startStack(stack.database);
  const instance = await own.startHttp();
  const elsewhere = await startTokenIssuer({ hubUrl: redis.hub.url, issuer: appOrigin });
  const account_id = await insertAccount(sql);
  const { slug } = await insertLink(sql, { account_id, visibility: 'private' });
  const authorization = `Bearer ${await elsewhere.issue({ sub: account_id })}`;
  const answer = await instance.get(`/${slug}`, { authorization });
  expect(codeOf(answer)).toBe('503 SERVICE_KEYS_UNAVAILABLE');
  const { slug: open } = await insertLink(sql, { account_id });
  expect((await instance.get(`/${open}`, { authorization })).status).toBe(302);
});
