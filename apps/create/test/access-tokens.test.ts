import { accessTokenAudience, accessTokenKeysPath } from '@shortstack/contracts';
import {
  createAccessTokenVerifier,
  createResolver,
  createServiceKeys,
} from '@shortstack/discovery';
import { connectRedis } from '@shortstack/redis';
import { claimPorts, until } from '@shortstack/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { createAccessTokens } from '../src/access-tokens.ts';
import { createGuardedDatabase } from '../src/data/guarded-database.ts';
import { createSeal } from '../src/domain/seal.ts';
import { client, signUp } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';

const internalPort = (await claimPorts()).next();
const create = await startCreate({
  INTERNAL_PORT: internalPort,
  ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
});
const anyone = client(create);
const day = 86_400_000;

const bearer = (token: string) => client(create, { authorization: `Bearer ${token}` });
const publishedIds = async () =>
  (await anyone.get('/.well-known/jwks.json')).json().keys.map(({ kid }: { kid: string }) => kid);

const ada = { id: 'ada', role: 'user' };

/** An instance that reads the keys only where it has to. */
function openTokens({ secret = 'shared', clock = { now: Date.now() } } = {}) {
  const database = createGuardedDatabase({
    url: create.database.urlFor('create'),
    applicationName: 'test',
    maxConnections: 4,
    onError: () => {},
  });
  const tokens = createAccessTokens({
    ...{ database, issuer: appOrigin, refreshMs: 3_600_000, onError: () => {} },
    seal: createSeal(secret, 'test'),
    now: () => new Date(clock.now),
  });
  onTestFinished(async () => {
    tokens.close();
    await database.close();
  });
  return tokens;
}

test('who is signed in gets a token for five minutes, which any service checks alone', async () => {
  const person = await signUp(create);
  const { id } = (await person.get('/api/auth/me')).json().user;
  const answer = await person.post('/api/auth/token');
  expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  const { accessToken, expiresAt } = answer.json();
  const claims = decodeJwt(accessToken);
  expect(claims).toMatchObject({ iss: appOrigin, aud: accessTokenAudience, sub: id, role: 'user' });
  expect([Number(claims.exp) - Number(claims.iat), Date.parse(expiresAt)]).toEqual([
    300,
    Number(claims.exp) * 1_000,
  ]);
  expect(await publishedIds()).toEqual([decodeProtectedHeader(accessToken).kid]);

  const redis = connectRedis({ name: 'hub', url: create.redis.hub });
  onTestFinished(() => redis.close());
  await redis.ready();
  const resolver = createResolver({ redis });
  onTestFinished(() => resolver.close());
  await until(async () => (await resolver.list()).length > 0);
  const keys = createServiceKeys({ resolver, path: accessTokenKeysPath });
  const elsewhere = createAccessTokenVerifier({
    ...{ issuer: appOrigin, audience: accessTokenAudience },
    keysOf: (kid) => keys.keysOf('create', kid),
  });
  expect((await elsewhere.verify(accessToken)).sub).toBe(id);
});

test('a token acts for its account, but manages no sessions, keys or tokens', async () => {
  const person = await signUp(create);
  const token = bearer((await person.post('/api/auth/token')).json().accessToken);
  const made = await token.post('/api/links', { url: 'https://example.com/' });
  expect(made.statusCode).toBe(201);
  expect((await person.get(`/api/links/${made.json().slug}`)).statusCode).toBe(200);

  expect((await token.post('/api/keys', { name: 'x', scopes: ['links:read'] })).json().code).toBe(
    'SESSION_REQUIRED',
  );
  expect((await token.post('/api/auth/token')).statusCode).toBe(401);
  // Signs out whoever has a session.
  expect((await token.post('/api/auth/logout')).statusCode).toBe(204);
  expect((await person.get('/api/auth/me')).statusCode).toBe(200);
  expect((await bearer('a.b.c').get('/api/links')).json().code).toBe('ACCESS_TOKEN_INVALID');
  expect((await anyone.post('/api/auth/token')).statusCode).toBe(401);
});

test('an administrator replaces the key: the next one is published first, and one that is known to others is refused', async () => {
  const person = await signUp(create);
  const admin = await signUp(create);
  await create.sql.query(`UPDATE accounts SET role = 'admin' WHERE email = $1`, [admin.email]);
  const refused = await admin.post('/api/auth/token-keys', {});
  expect(refused.json().code).toBe('ADMIN_REQUIRED');
  const login = { email: admin.email, password: 'correct horse' };
  const { headers } = await anyone.post('/api/auth/login', login);
  const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  const boss = client(create, { cookie, origin: appOrigin });

  const { accessToken } = (await person.post('/api/auth/token')).json();
  const [old] = await publishedIds();
  const next = (await boss.post('/api/auth/token-keys', {})).json();
  expect(await publishedIds()).toEqual([old, next.kid]);
  expect(Date.parse(next.signsFrom) - Date.now()).toBeGreaterThan(590_000);
  const again = (await boss.post('/api/auth/token-keys', {})).json();
  expect(again.kid).toBe(next.kid);
  const kidNow = decodeProtectedHeader((await person.post('/api/auth/token')).json().accessToken);
  expect(kidNow.kid).toBe(old);

  const replaced = (await boss.post('/api/auth/token-keys', { revoke: true })).json();
  expect(await publishedIds()).toEqual([replaced.kid]);
  expect((await bearer(accessToken).get('/api/links')).json().code).toBe('ACCESS_TOKEN_INVALID');
  const fresh = (await person.post('/api/auth/token')).json().accessToken;
  expect((await bearer(fresh).get('/api/links')).statusCode).toBe(200);
});

test('a revocation whose key came second revokes that of the other instance, too', async () => {
  await create.sql.query('DELETE FROM token_keys');
  const instances = Array.from({ length: 4 }, () => openTokens());
  await Promise.all(instances.map((tokens) => tokens.jwks()));
  const made = await Promise.all(instances.map((tokens) => tokens.rotate({ revoke: true })));

  const { rows } = await create.sql.query<{ kid: string; isRevoked: boolean }>(
    `SELECT public_jwk ->> 'kid' AS kid, revoked_at IS NOT NULL AS "isRevoked" FROM token_keys ORDER BY generation`,
  );
  expect(rows.filter(({ isRevoked }) => !isRevoked)).toEqual([rows.at(-1)]);
  expect(made.map(({ kid }) => kid)).toContain(rows.at(-1)?.kid);
});

test('a key of one instance is published and used by the others within two seconds', async () => {
  await create.sql.query('DELETE FROM token_keys');
  const [here, there] = [openTokens(), openTokens()];
  const old = (await here.issue(ada)).accessToken;
  await there.jwks();
  const { kid } = await here.rotate({ revoke: true });
  const begin = performance.now();
  await until(async () => (await there.jwks()).keys.some((key) => key.kid === kid));
  expect(decodeProtectedHeader((await there.issue(ada)).accessToken).kid).toBe(kid);
  expect(performance.now() - begin).toBeLessThan(2_000);

  const { kid: oldKid = '' } = decodeProtectedHeader(old);
  expect((await there.keysFor(oldKid)).keys.map((key) => key.kid)).toEqual([kid]);
});

test('whoever asks while the keys are being read waits for them, too', async () => {
  await create.sql.query('DELETE FROM token_keys');
  const [here, there] = [openTokens(), openTokens()];
  await here.jwks();
  await there.jwks();
  const { kid: newest } = await here.rotate({ revoke: true });
  const knows = async () => (await there.keysFor(newest)).keys.some((key) => key.kid === newest);
  // The first that asks a second after the last reading reads; all ask at once.
  await until(async () => {
    const known = await Promise.all([knows(), knows(), knows()]);
    expect(new Set(known).size).toBe(1);
    return known.includes(true);
  });
});

test('what can no longer be opened is not signed with, and what others no longer accept neither', async () => {
  await create.sql.query('DELETE FROM token_keys');
  const clock = { now: Date.now() };
  const kidOf = async (tokens: ReturnType<typeof openTokens>) =>
    String(decodeProtectedHeader((await tokens.issue(ada)).accessToken).kid);
  const before = openTokens({ clock });
  const old = await kidOf(before);
  const after = openTokens({ clock, secret: 'another secret' });
  const changed = await kidOf(after);
  expect(changed).not.toBe(old);

  // The old instance lives on for longer than its key is published.
  clock.now += 400_000;
  await until(async () => (await kidOf(before)) !== old);
  const kid = await kidOf(before);
  expect(kid).not.toBe(changed);
  await until(async () => (await after.keysFor(kid)).keys.some((key) => key.kid === kid));
});

test('private keys lie in PostgreSQL sealed alone', async () => {
  const { rows } = await create.sql.query('SELECT * FROM token_keys');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('"d"');
});

test('keys replace each other in time: two instances make one, which all know before it signs', async () => {
  await create.sql.query('DELETE FROM token_keys');
  const clock = { now: Date.now() };
  const instance = (secret = 'shared') => openTokens({ clock, secret });
  const kidOf = async (tokens: ReturnType<typeof instance>) =>
    decodeProtectedHeader((await tokens.issue(ada)).accessToken).kid;
  const ids = async (tokens: ReturnType<typeof instance>) =>
    (await tokens.jwks()).keys.map(({ kid }) => kid);

  const first = await Promise.all([instance(), instance(), instance()].map(kidOf));
  expect(new Set(first).size).toBe(1);

  clock.now += 30 * day - 300_000;
  const [one, two] = [instance(), instance()];
  const [published] = await Promise.all([ids(one), ids(two)]);
  expect(published).toHaveLength(2);
  expect(await kidOf(one)).toBe(first[0]);
  clock.now += 600_000;
  expect(await kidOf(one)).toBe(published[1]);
  expect(await kidOf(two)).toBe(published[1]);
  expect(await ids(one)).toEqual(published);
  clock.now += 360_000;
  expect(await ids(one)).toEqual([published[1]]);

  // After a change of the service key nobody can open the keys: another one signs.
  const changed = await kidOf(instance('another secret'));
  expect(published).not.toContain(changed);
});
