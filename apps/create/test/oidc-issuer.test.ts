import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { parseOidcProviders } from '../src/oidc-providers.ts';
import { createOidcIssuer } from '../src/outgoing/oidc-issuer.ts';

/** What the issuer below answers with: an ID token that is right but for these claims, signed by this key. */
let wrong: { claims: JWTPayload; key: CryptoKey } | undefined;
let nonce = '';

const { privateKey, publicKey } = await generateKeyPair('RS256');
const { privateKey: otherKey } = await generateKeyPair('RS256');
const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse) {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/.well-known/openid-configuration') {
    const endpoint = (path: string) => `${issuer}${path}`;
    return response.end(
      JSON.stringify({
        issuer,
        authorization_endpoint: endpoint('/auth'),
        token_endpoint: endpoint('/token'),
        jwks_uri: endpoint('/jwks'),
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    );
  }
  if (request.url === '/jwks') {
    const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: 'k' };
    return response.end(JSON.stringify({ keys: [jwk] }));
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: 'us', sub: 'ada', nonce, iat: now, exp: now + 60 };
  const idToken = await new SignJWT({ ...claims, ...wrong?.claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(wrong?.key ?? privateKey);
  return response.end(
    JSON.stringify({ access_token: 'a', token_type: 'bearer', id_token: idToken }),
  );
}
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const redirectUri = 'http://app.test/callback';
const [provider] = parseOidcProviders(
  JSON.stringify([{ id: 'x', name: 'X', issuer, clientId: 'us', clientSecret: 's' }]),
);
if (provider === undefined) throw new Error('no provider');
const subject = createOidcIssuer({ provider, redirectUri });

async function finish(claims: JWTPayload, key = privateKey) {
  const { url, checks } = await subject.begin();
  nonce = new URL(url).searchParams.get('nonce') ?? '';
  wrong = { claims, key };
  return subject.finish(new URL(`${redirectUri}?code=c&state=${checks.state}`), checks);
}

const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

test('an ID token counts as long as the clocks differ by no more than half a minute', async () => {
  expect(await finish({ exp: seconds(-20), iat: seconds(-80) })).toMatchObject({ subject: 'ada' });
  expect(await finish({ nbf: seconds(20), iat: seconds(20) })).toMatchObject({ subject: 'ada' });
});

test.each<[string, JWTPayload]>([
  ['has expired', { exp: seconds(-60) }],
  ['is not good yet', { nbf: seconds(3_600) }],
  ['is for another', { aud: 'them' }],
  ['is from another', { iss: 'https://evil.example' }],
  ['answers another question', { nonce: 'another' }],
])('an ID token that %s is refused', async (_fault, claims) => {
  await expect(finish(claims)).rejects.toMatchObject({ code: 'OIDC_REFUSED' });
});

test('an ID token that another key has signed is refused', async () => {
  await expect(finish({}, otherKey)).rejects.toMatchObject({ code: 'OIDC_REFUSED' });
});

test('the browser is sent with state, nonce and a challenge, of which it learns no verifier', async () => {
  const { url, checks } = await subject.begin();
  const { searchParams } = new URL(url);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    ...{ response_type: 'code', client_id: 'us', redirect_uri: redirectUri },
    ...{ scope: 'openid email profile', code_challenge_method: 'S256' },
    ...{ state: checks.state, nonce: checks.nonce },
  });
  expect(url).not.toContain(checks.verifier);
});

const good = { id: 'x', name: 'X', issuer: 'https://id.test', clientId: 'c', clientSecret: 'hush' };
test.each<[string, unknown, string]>([
  ['what is no JSON', '{hush', 'OIDC_PROVIDERS: must be JSON'],
  ['a missing field', [{ ...good, issuer: undefined }], 'OIDC_PROVIDERS/0'],
  ['an issuer without TLS', [{ ...good, issuer: 'http://id.test' }], 'OIDC_PROVIDERS/0/issuer'],
  ['scopes without openid', [{ ...good, scopes: 'email' }], 'OIDC_PROVIDERS/0/scopes'],
  ['two of one id', [good, good], 'OIDC_PROVIDERS/1/id'],
  ['an id that is no word', [{ ...good, id: '../x' }], 'OIDC_PROVIDERS/0/id'],
])('%s is refused at the start, and no secret repeated', (_fault, value, message) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  expect(() => parseOidcProviders(text)).toThrow(message);
  expect(() => parseOidcProviders(text)).not.toThrow('hush');
});
