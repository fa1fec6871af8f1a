import { type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { accessTokenOf, createAccessTokenVerifier, generateServiceKey } from '../src/index.ts';

const now = Date.UTC(2026, 10, 21);
const seconds = now / 1_000;
const issuer = 'https://app.example.com';
const key = await generateServiceKey();
const { d: _private, ...publicKey } = key;
const verifier = createAccessTokenVerifier({
  ...{ issuer, audience: 'us', now: () => now },
  keysOf: async () => ({ keys: [publicKey] }),
});
const claims = { iss: issuer, aud: 'us', sub: 'ada', iat: seconds, nbf: seconds };
const ofNobody = { iss: issuer, aud: 'us', iat: seconds, exp: seconds + 300 };
const good = { ...claims, exp: seconds + 300, role: 'admin' };

function sign(payload: JWTPayload, header: object = {}, by = key) {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', kid: String(key.kid), typ: 'at+jwt', ...header })
    .sign(by);
}

test('a token says who it is of', async () => {
  expect(await verifier.verify(await sign(good))).toMatchObject({ sub: 'ada', role: 'admin' });
});

test('clocks may differ by 5 s and no more', async () => {
  const early = { ...good, iat: seconds + 4, nbf: seconds + 4 };
  const late = { ...good, iat: seconds - 303, exp: seconds - 3 };
  for (const payload of [early, late]) {
    expect((await verifier.verify(await sign(payload))).sub).toBe('ada');
  }
});

test.each<[string, JWTPayload]>([
  ['has expired', { ...good, exp: seconds - 6 }],
  ['is not good yet', { ...good, nbf: seconds + 6 }],
  ['claims to live for longer', { ...good, iat: seconds - 306, exp: seconds + 60 }],
  ['never ends', claims],
  ['is of nobody', ofNobody],
  ['is by somebody else', { ...good, iss: 'https://evil.example' }],
  ['is for somebody else', { ...good, aud: 'worker' }],
])('a token that %s is refused', async (_fault, payload) => {
  await expect(verifier.verify(await sign(payload))).rejects.toMatchObject({
    kind: 'unauthenticated',
    code: 'ACCESS_TOKEN_INVALID',
  });
});

test('what another key has signed, none, or for another purpose is refused', async () => {
  const forged = await sign(good, {}, await generateServiceKey());
  const [, payload] = forged.split('.');
  const none = `${Buffer.from('{"alg":"none","kid":"x"}').toString('base64url')}.${payload}.x`;
  const hmac = await new SignJWT(good)
    .setProtectedHeader({ alg: 'HS256', kid: String(key.kid), typ: 'at+jwt' })
    .sign(Buffer.from(String(key.x)));
  for (const token of [forged, none, hmac, await sign(good, { typ: 'JWT' }), 'a.b.c']) {
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'ACCESS_TOKEN_INVALID' });
  }
});

test('of what stands in the header only what can be a token is taken for one', async () => {
  const token = await sign(good);
  expect(accessTokenOf(`bearer ${token}`)).toBe(token);
  for (const other of [undefined, '', token, `Basic ${token}`, 'Bearer ssk_abc', 'Bearer a.b']) {
    expect(accessTokenOf(other)).toBeNull();
  }
  expect(accessTokenOf(`Bearer ${token}${'a'.repeat(5_000)}`)).toBeNull();
});
