import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import {
  createServiceTokenIssuer,
  createServiceTokenVerifier,
  generateServiceKey,
  parseServiceKey,
} from '../src/index.ts';

const start = Date.UTC(2026, 10, 21);

async function newPair() {
  const clock = { now: start };
  const now = () => clock.now;
  const privateJwk = await generateServiceKey();
  const issuer = createServiceTokenIssuer({ service: 'create', privateJwk, now });
  const asked: string[] = [];
  const keysOf = async (service: string): Promise<JSONWebKeySet> => {
    asked.push(service);
    return issuer.publicJwks();
  };
  const verifier = createServiceTokenVerifier({ service: 'worker', keysOf, now });
  return { clock, privateJwk, issuer, verifier, asked };
}

const allow = ['create'];
const invalid = { kind: 'unauthenticated', code: 'SERVICE_TOKEN_INVALID' };

function sign(key: JWK, claims: { iss?: string; aud?: string; iat?: number; exp?: number }) {
  const { iss = 'create', aud = 'worker', iat = start / 1000, exp = iat + 60 } = claims;
  return new SignJWT({ iss, aud, iat, exp })
    .setProtectedHeader({ alg: 'EdDSA', kid: String(key.kid) })
    .sign(key);
}

test('a token tells the callee who calls', async () => {
  const { issuer, verifier } = await newPair();
  const token = await issuer.issue('worker');
  expect(await verifier.verify(token, { allow })).toEqual({ service: 'create' });
});

test('a token for another callee is refused', async () => {
  const { issuer, verifier } = await newPair();
  const token = await issuer.issue('redirect');
  await expect(verifier.verify(token, { allow })).rejects.toMatchObject(invalid);
});

test('a token is refused once it has expired, but for 5 s of difference between clocks', async () => {
  const { clock, issuer, verifier } = await newPair();
  const token = await issuer.issue('worker');
  clock.now = start + 63_000;
  expect(await verifier.verify(token, { allow })).toEqual({ service: 'create' });
  clock.now = start + 66_000;
  await expect(verifier.verify(token, { allow })).rejects.toMatchObject(invalid);
});

test('a token is used again until shortly before it expires', async () => {
  const { clock, issuer } = await newPair();
  const first = await issuer.issue('worker');
  clock.now = start + 39_000;
  expect(await issuer.issue('worker')).toBe(first);
  expect(await issuer.issue('redirect')).not.toBe(first);
  clock.now = start + 41_000;
  expect(await issuer.issue('worker')).not.toBe(first);
});

test('a caller that is not allowed is refused, and its keys are not even asked for', async () => {
  const { issuer, verifier, asked } = await newPair();
  const token = await issuer.issue('worker');
  await expect(verifier.verify(token, { allow: ['redirect'] })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'SERVICE_NOT_ALLOWED',
  });
  expect(asked).toEqual([]);
});

test('a token that claims a longer life, or to be of the future, is refused', async () => {
  const { privateJwk, verifier } = await newPair();
  const seconds = start / 1000;
  for (const claims of [
    { iat: seconds - 3_600, exp: seconds + 3_600 },
    { iat: seconds + 600, exp: seconds + 660 },
  ]) {
    const token = await sign(privateJwk, claims);
    await expect(verifier.verify(token, { allow })).rejects.toMatchObject(invalid);
  }
  expect(await verifier.verify(await sign(privateJwk, {}), { allow })).toBeTruthy();
});

test('a token signed with another key of the same id is refused', async () => {
  const { privateJwk, verifier } = await newPair();
  const other = { ...(await generateServiceKey()), kid: String(privateJwk.kid) };
  const token = await sign(other, {});
  await expect(verifier.verify(token, { allow })).rejects.toMatchObject(invalid);
});

test('a token that was changed, is unsigned, or is none is refused', async () => {
  const { issuer, privateJwk, verifier } = await newPair();
  const [header, payload, signature] = (await issuer.issue('worker')).split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const none = encode({ alg: 'none', kid: privateJwk.kid });
  const hmac = encode({ alg: 'HS256', kid: privateJwk.kid });
  const forged = encode({ iss: 'create', aud: 'worker', exp: 9e9, iat: start / 1000, admin: true });
  for (const token of [
    `${header}.${forged}.${signature}`,
    `${none}.${payload}.`,
    `${hmac}.${payload}.${signature}`,
    `${header}.${payload}`,
    'no token',
    '',
    undefined,
  ]) {
    await expect(verifier.verify(token, { allow })).rejects.toMatchObject(invalid);
  }
});

test('the published keys hold nothing private', async () => {
  const { issuer, privateJwk } = await newPair();
  const published = JSON.stringify(issuer.publicJwks());
  expect(published).not.toContain(String(privateJwk.d));
  expect(Object.keys(issuer.publicJwks().keys[0] ?? {}).sort()).toEqual(
    ['alg', 'crv', 'kid', 'kty', 'use', 'x'].sort(),
  );
});

test('a key that is not JSON is refused without being quoted', () => {
  expect(() => parseServiceKey('{"d":"hush')).toThrow(
    expect.objectContaining({
      code: 'SERVICE_KEY_INVALID',
      message: expect.not.stringContaining('hush'),
    }),
  );
});

test('a key that can not sign for a service is refused at the start', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { d: _, ...publicOnly } = await generateServiceKey();
  for (const privateJwk of [await exportJWK(privateKey), publicOnly, {}]) {
    expect(() => createServiceTokenIssuer({ service: 'create', privateJwk })).toThrow(
      expect.objectContaining({ code: 'SERVICE_KEY_INVALID' }),
    );
  }
});
