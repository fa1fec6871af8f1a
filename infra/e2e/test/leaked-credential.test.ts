import { createServer } from 'node:http';
import { queueBoardPath, type SignedInUser, signedInUserCodec } from '@shortstack/contracts';
import {
  createResolver,
  createServiceTokenIssuer,
  generateServiceKey,
  registerInstance,
} from '@shortstack/discovery';
import { connectRedis } from '@shortstack/redis';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { redisNames, type ServiceUser } from '../../redis/src/redis-users.ts';
import { createHttpClient } from '../src/http-client.ts';
import {
  notRefused,
  notRefusedSql,
  redisCredentials,
  redisUrlOf,
  refusal,
  writableBy,
} from '../src/leaked-credential.ts';
import { signUp } from '../src/people.ts';
import { redisCommand } from '../src/redis-command.ts';
import { sessionEncryptionKeys } from '../src/service-environments.ts';
import { signUpOwner } from '../src/sign-in-journey.ts';
import { startStack } from '../src/start-stack.ts';

/** The worst case: somebody has all that both processes of redirect are told, and an account of their own. */
const stack = await startStack({ withOwnPostgres: true });
const http = createHttpClient();
afterAll(() => http.close());
// What is tried here is meant to be denied.
afterAll(() =>
  Promise.all(redisNames.map((name) => redisCommand(stack.redis[name].url, 'ACL', 'LOG', 'RESET'))),
);

const leaked: ServiceUser[] = ['redirect', 'redirect-jobs'];
const asRedirect = redisUrlOf(stack, 'session', 'redirect');
const victim = await signUpOwner(http, stack);
const attacker = await signUp(http, stack);
const token = attacker.headers.cookie?.split('=')[1] ?? '';

const sessionKeys = async () =>
  (await redisCommand(stack.redis.session.url, 'KEYS', 'session:*')) as string[];
const me = (cookie: string) =>
  http.send(`${stack.appOrigin}/api/auth/me`, {
    headers: { cookie: `shortstack_session=${cookie}` },
  });

/** The sessions, with the code and the keys of the services, but the Redis user of one of them. */
async function sessionsAs(user: ServiceUser) {
  const redis = connectRedis({ name: 'leaked', url: redisUrlOf(stack, 'session', user) });
  onTestFinished(() => redis.close());
  await redis.ready();
  return createSessionStore<SignedInUser>({
    ...{ redis, codec: signedInUserCodec, encryptionKeys: sessionEncryptionKeys },
    ...{ idleTtlSeconds: 3_600, absoluteTtlSeconds: 7_200, touchIntervalSeconds: 60 },
    maxSessionsPerUser: 50,
  });
}
const forged = (tag: string) => ({
  userId: victim.id,
  tag,
  data: { email: victim.email, name: '', role: 'admin' as const },
});

test('it signs nobody in, though it has the keys that encrypt sessions', async () => {
  const sessions = await sessionsAs('redirect');
  const before = (await sessionKeys()).sort();
  const challenge = 'c'.repeat(43);
  const attempts: [string, () => Promise<unknown>][] = [
    ['create', () => sessions.create(forged(newSessionTag()))],
    ['update', () => sessions.update(token, { role: 'admin' })],
    ['rotate', () => sessions.rotate(token)],
    ['issueCode', () => sessions.issueCode(token, { site: stack.shortOrigin, challenge })],
  ];
  for (const [name, attempt] of attempts) {
    await expect(attempt(), name).rejects.toThrow(refusal);
  }
  const [tag = ''] = token.split('.');
  const own = before.find((key) => key.includes(tag) && /:[\w-]{43}$/.test(key)) ?? '';
  const other = `session:{${newSessionTag()}}:${'i'.repeat(43)}`;
  const writes = [own, other].flatMap((key) => [
    ...[`HSET ${key} userId 1`, `HMSET ${key} a b`, `HSETNX ${key} a b`, `HINCRBY ${key} a 1`],
    ...[
      `HDEL ${key} userId`,
      `SET ${key} a`,
      `DEL ${key}`,
      `PERSIST ${key}`,
      `RENAME ${own} ${key}`,
    ],
    ...[`COPY ${own} ${key}`, `RESTORE ${key} 0 x`, `MIGRATE 127.0.0.1 1 ${key} 0 1`],
    `EVAL return(redis.call('HSET',KEYS[1],'a','b')) 1 ${key}`,
    `EVAL return(redis.call('HSET','${key}','a','b')) 0`,
  ]);
  expect(await notRefused(asRedirect, [...writes, 'ACL SETUSER me on'])).toEqual([]);
  expect((await sessionKeys()).sort()).toEqual(before);

  // What the attempt is worth: with the Redis user of create it succeeds.
  const asCreate = await sessionsAs('create');
  const { token: good } = await asCreate.create(forged(newSessionTag()));
  expect((await me(good)).json()).toMatchObject({ user: { id: victim.id } });
});

test('it reads no session without its secret: whose there are, and where, is not to be found out', async () => {
  const [{ tag } = { tag: '' }] = await stack.sql<{ tag: string }>(
    'SELECT session_tag AS tag FROM accounts WHERE id = $1',
    [victim.id],
  );
  const index = `session:{${tag}}:index`;
  expect(await redisCommand(stack.redis.session.url, 'ZCARD', index)).toBeGreaterThan(0);
  const looks = [
    ...['KEYS *', 'SCAN 0', 'RANDOMKEY', 'DBSIZE', 'MONITOR', 'SAVE', 'SYNC', 'PSYNC ? -1'],
    ...['CLIENT LIST', 'CLIENT TRACKING ON', 'SLOWLOG GET', 'ACL LOG', 'PSUBSCRIBE *'],
    ...['SUBSCRIBE __keyevent@0__:hset', `EVAL return(redis.call('KEYS','*')) 0`],
    // Even if the tag were known.
    ...[`ZRANGE ${index} 0 -1`, `ZREVRANGE ${index} 0 -1`, `ZSCAN ${index} 0`, `ZPOPMAX ${index}`],
    ...[`ZRANDMEMBER ${index}`, `ZUNION 1 ${index}`, `SORT ${index}`, `DUMP ${index}`],
    `EVAL return(redis.call('ZRANGE',KEYS[1],0,-1)) 1 ${index}`,
  ];
  expect(await notRefused(asRedirect, looks)).toEqual([]);
  for (const role of ['redirect', 'redirectJobs'] as const) {
    const tables = ['SELECT session_tag FROM accounts', 'TABLE api_keys', 'TABLE idempotency_keys'];
    expect(await notRefusedSql(stack, role, tables)).toEqual([]);
  }
});

test('it alters no link in PostgreSQL, but for spending its clicks', async () => {
  expect(await writableBy(stack, 'redirect')).toEqual(['UPDATE links.spent_clicks']);
  const counts = ['clicks', 'counted_batches', 'daily_visitors', 'visitor_salts'];
  const rollUps = ['link_days', 'link_dimensions', 'link_minutes', 'link_quarters', 'link_totals'];
  const writable = await writableBy(stack, 'redirectJobs');
  expect(writable).toEqual(
    [
      ...[...counts, ...rollUps].map((table) => `INSERT ${table}`),
      ...['counted_batches', ...rollUps].map((table) => `UPDATE ${table}`),
    ].sort(),
  );
  const before = await stack.sql('SELECT * FROM links');
  const statements = [
    ...['url', 'account_id', 'status', 'expires_at', 'max_clicks', 'version', 'deleted_at'].map(
      (column) => `UPDATE links SET ${column} = ${column}`,
    ),
    ...['DELETE FROM links', 'TRUNCATE links', `INSERT INTO links (slug, url) VALUES ('a', 'b')`],
    ...[
      `UPDATE accounts SET role = 'admin'`,
      `INSERT INTO outbox (type, payload) VALUES ('', '{}')`,
    ],
    ...['SET ROLE shortstack_create', 'SET ROLE postgres', 'SET SESSION AUTHORIZATION postgres'],
    ...['ALTER ROLE shortstack_create PASSWORD NULL', 'CREATE ROLE me SUPERUSER'],
    ...['CREATE TABLE public.mine (id int)', 'CREATE SCHEMA mine', 'CREATE EXTENSION file_fdw'],
    `CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    ...[`SELECT pg_read_file('PG_VERSION')`, `COPY (SELECT 1) TO PROGRAM 'true'`],
    ...['GRANT shortstack_create TO shortstack_redirect', 'ALTER SYSTEM SET fsync = off'],
  ];
  for (const role of ['redirect', 'redirectJobs'] as const) {
    expect(await notRefusedSql(stack, role, statements)).toEqual([]);
  }
  expect(await stack.sql('SELECT * FROM links')).toEqual(before);
});

test('it touches no job of create: neither on its Redis, nor in the name of worker', async () => {
  const nobody = Object.assign(new URL(stack.redis['jobs-create'].url), {
    username: '',
    password: '',
  });
  const attempts = redisCredentials(leaked).map(({ user, password }) => `AUTH ${user} ${password}`);
  expect(await notRefused(nobody.href, [...attempts, 'KEYS *'])).toEqual([]);

  // The queue board obeys worker, and finds worker's key through the hub.
  const tokens = createServiceTokenIssuer({
    service: 'worker',
    privateJwk: await generateServiceKey(),
  });
  const impostor = createServer((_, answer) => answer.end(JSON.stringify(tokens.publicJwks())));
  await new Promise<void>((listening) => impostor.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void impostor.close());
  const address = impostor.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const instance = {
    ...{ id: '0', service: 'worker', process: 'http' as const, url, version: '1' },
    startedAt: new Date().toISOString(),
  };
  const hub = connectRedis({ name: 'leaked', url: redisUrlOf(stack, 'hub', 'redirect') });
  onTestFinished(() => hub.close());
  await hub.ready();
  const registered = registerInstance({ redis: hub, instance, load: () => 0 });
  onTestFinished(() => registered.close());
  await until(() => registered.stats().failures > 0);
  expect(registered.stats().beats).toBe(0);
  // As redirect it may write; that it says it is worker is not believed.
  const record = JSON.stringify({ ...instance, beatAt: '', load: 0, lastWork: null });
  await hub.client.set('registry:{instances}:record:redirect/0', record, 'PX', 60_000);
  await hub.client.sadd('registry:{instances}:index', 'redirect/0', 'worker/0');
  const resolver = createResolver({ redis: hub });
  onTestFinished(() => resolver.close());
  await until(async () => (await resolver.list('worker')).length === 2);
  expect((await resolver.list()).map((each) => each.url)).not.toContain(url);

  const board = `${stack.services['create-jobs'][0]?.internalUrl}${queueBoardPath('create')}`;
  const answer = await http.send(`${board}/api/queues`, {
    headers: { authorization: `Bearer ${await tokens.issue('create')}` },
  });
  expect(answer.status).toBe(401);
});
