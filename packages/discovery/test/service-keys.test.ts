import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import {
  createServiceKeys,
  createServiceTokenIssuer,
  createServiceTokenVerifier,
  generateServiceKey,
} from '../src/index.ts';
import { connectHub, describeInstance, register, startResolver, startService } from './fixtures.ts';

/** A `create` service that publishes its keys, and a `worker` that looks for them. */
async function newServices() {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const answer = { status: 200 };
  let issuer = await newIssuer();
  const http = await startService((_request, response) => {
    response.writeHead(answer.status).end(JSON.stringify(issuer.publicJwks()));
  });
  const redis = await connectHub((await startTestRedis()).url);
  const registered = register(redis, describeInstance('create', http.url));
  await until(() => registered.stats().beats > 0);
  const keys = createServiceKeys({ resolver: startResolver(redis), now, timeoutMs: 300 });
  const verifier = createServiceTokenVerifier({ service: 'worker', keysOf: keys.keysOf, now });

  async function newIssuer() {
    const privateJwk = await generateServiceKey();
    return createServiceTokenIssuer({ service: 'create', privateJwk, now });
  }
  return {
    ...{ clock, answer, http, keys },
    verify: async () =>
      verifier.verify(await issuer.issue('worker'), { allow: ['create', 'redirect'] }),
    replaceKey: async () => {
      issuer = await newIssuer();
    },
  };
}

const create = { service: 'create' };

test('keys are found through discovery, fetched once and kept', async () => {
  const { http, verify } = await newServices();
  const answers = await Promise.all([verify(), verify(), verify()]);
  expect([...answers, await verify()]).toEqual([create, create, create, create]);
  expect(http.requests).toEqual(['GET /.well-known/jwks.json']);
});

test('a key that was replaced is fetched after the cool-down, forged ids cause no flood', async () => {
  const { clock, http, keys, verify, replaceKey } = await newServices();
  await verify();
  for (let i = 0; i < 100; i++) await keys.keysOf('create', `forged-${i}`);
  expect(http.requests).toHaveLength(1);
  await replaceKey();
  await expect(verify()).rejects.toMatchObject({ code: 'SERVICE_TOKEN_INVALID' });
  clock.now += 5_000;
  expect(await verify()).toEqual(create);
  expect(http.requests).toHaveLength(2);
});

test('keys are fetched again after five minutes, and kept if that fails', async () => {
  const { answer, clock, http, verify } = await newServices();
  await verify();
  clock.now += 300_000;
  expect(await verify()).toEqual(create);
  expect(http.requests).toHaveLength(2);
  clock.now += 300_000;
  answer.status = 500;
  expect(await verify()).toEqual(create);
  http.close();
  clock.now += 300_000;
  expect(await verify()).toEqual(create);
});

test('without keys the caller is told to come back, not that its token is bad', async () => {
  const { answer, clock, keys, verify } = await newServices();
  const unavailable = { kind: 'unavailable', code: 'SERVICE_KEYS_UNAVAILABLE' };
  answer.status = 404;
  await expect(verify()).rejects.toMatchObject(unavailable);
  await expect(keys.keysOf('redirect', 'any')).rejects.toMatchObject(unavailable);
  answer.status = 200;
  clock.now += 5_000;
  expect(await verify()).toEqual(create);
});
