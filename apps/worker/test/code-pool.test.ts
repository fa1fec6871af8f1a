import { createDatabase } from '@shortstack/db';
import {
  createServiceTokenIssuer,
  generateServiceKey,
  registerInstance,
} from '@shortstack/discovery';
import { connectRedis } from '@shortstack/redis';
import { createCodePermutation, makeCodes } from '@shortstack/slugs';
import { startTestRedis, until } from '@shortstack/testing';
import Fastify from 'fastify';
import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createCodePool } from '../src/data/code-pool.ts';
import { fillCodePool } from '../src/domain/fill-code-pool.ts';
import { openDatabase, startWorkerHttp, startWorkerJobs } from './start-worker.ts';

async function openPool() {
  const { database, owner } = await openDatabase();
  const open = () => {
    const own = createDatabase({ url: database.urlFor('worker'), applicationName: 'test' });
    onTestFinished(() => own.close());
    return createCodePool(own);
  };
  return { database, owner, open };
}

async function blocksIn(owner: Pool): Promise<{ firstIndex: number; codes: string[] }[]> {
  const { rows } = await owner.query(
    'SELECT first_index::int AS "firstIndex", codes FROM code_blocks ORDER BY first_index',
  );
  return rows;
}

test('the pool is filled to its high mark once it is below its low one, and left alone above', async () => {
  const { owner, open } = await openPool();
  const pool = open();
  const marks = { lowBlocks: 2, highBlocks: 4 };

  expect(await fillCodePool(pool, marks)).toBe(4);
  await owner.query('DELETE FROM code_blocks WHERE first_index < 2000');
  expect(await fillCodePool(pool, marks)).toBe(0);
  await owner.query('DELETE FROM code_blocks WHERE first_index < 3000');
  expect(await fillCodePool(pool, marks)).toBe(3);
  expect(await blocksIn(owner)).toHaveLength(4);
});

test('a block holds the codes of its thousand indexes', async () => {
  const { owner, open } = await openPool();
  const key = Buffer.alloc(32, 7);
  await owner.query('INSERT INTO code_key (key) VALUES ($1)', [key]);
  const codes = makeCodes(createCodePermutation(key), 0, 1_000);
  await open().addBlock(1);
  const [block] = await blocksIn(owner);
  expect(block).toEqual({ firstIndex: 0, codes });
});

test('workers that fill an empty pool at once make no block twice and no more than wanted', async () => {
  const { owner, open } = await openPool();
  const marks = { lowBlocks: 10, highBlocks: 12 };
  const made = await Promise.all([open(), open(), open()].map((pool) => fillCodePool(pool, marks)));

  expect(made.reduce((sum, blocks) => sum + blocks, 0)).toBe(12);
  const blocks = await blocksIn(owner);
  expect(blocks).toHaveLength(12);
  const codes = blocks.flatMap((block) => block.codes);
  expect(new Set(codes).size).toBe(codes.length);
  expect((await owner.query('SELECT FROM code_key')).rowCount).toBe(1);
});

test('create may ask for more codes, and they are there at once', { timeout: 30_000 }, async () => {
  const { database, owner } = await openDatabase();
  const redis = {
    REDIS_HUB_URL: (await startTestRedis()).url,
    REDIS_JOBS_URL: (await startTestRedis()).url,
  };
  await startWorkerJobs(database, redis);
  await until(async () => (await blocksIn(owner)).length === 4, { message: 'no first filling' });
  const { internalUrl } = await startWorkerHttp(redis);
  const create = await registerCaller(redis.REDIS_HUB_URL, 'create');
  const refill = (headers: Record<string, string>) =>
    fetch(`${internalUrl}/internal/code-pool/refill`, { method: 'POST', headers });

  await owner.query('DELETE FROM code_blocks');
  const answer = await refill({ authorization: `Bearer ${await create.issue('worker')}` });
  expect([answer.status, await answer.json()]).toEqual([202, { status: 'queued' }]);
  await until(async () => (await blocksIn(owner)).length === 4, {
    deadlineMs: 2_000,
    message: 'not filled before the next schedule',
  });
});

test('nobody but create may ask for codes', async () => {
  const hub = await startTestRedis();
  const { internalUrl } = await startWorkerHttp({ REDIS_HUB_URL: hub.url });
  const create = await registerCaller(hub.url, 'create');
  const redirect = await registerCaller(hub.url, 'redirect');
  const forger = createServiceTokenIssuer({
    service: 'create',
    privateJwk: await generateServiceKey(),
  });
  const refill = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const answer = await fetch(`${internalUrl}/internal/code-pool/refill`, {
      method: 'POST',
      headers,
    });
    return `${answer.status} ${((await answer.json()) as { code?: string }).code}`;
  };

  expect(await refill()).toBe('401 SERVICE_TOKEN_INVALID');
  expect(await refill('Basic YTpi')).toBe('401 SERVICE_TOKEN_INVALID');
  expect(await refill(`Bearer ${await create.issue('redirect')}`)).toBe(
    '401 SERVICE_TOKEN_INVALID',
  );
  expect(await refill(`Bearer ${await redirect.issue('worker')}`)).toBe('403 SERVICE_NOT_ALLOWED');
  expect(await refill(`Bearer ${await forger.issue('worker')}`)).toBe('401 SERVICE_TOKEN_INVALID');
});

test('a request for codes is answered 503 while the queue is away', async () => {
  const hub = await startTestRedis();
  const jobs = await startTestRedis();
  const { internalUrl } = await startWorkerHttp({
    REDIS_HUB_URL: hub.url,
    REDIS_JOBS_URL: jobs.url,
  });
  const create = await registerCaller(hub.url, 'create');
  await jobs.stop();
  const answer = await fetch(`${internalUrl}/internal/code-pool/refill`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await create.issue('worker')}` },
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
});

/** A service in the registry that publishes its keys, as far as the worker can see. */
async function registerCaller(hubUrl: string, service: string) {
  const tokens = createServiceTokenIssuer({ service, privateJwk: await generateServiceKey() });
  const server = Fastify();
  server.get('/.well-known/jwks.json', () => tokens.publicJwks());
  server.get('/readyz', () => ({}));
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const hub = connectRedis({ name: 'hub', url: hubUrl });
  await hub.ready();
  const registered = registerInstance({
    redis: hub,
    instance: { id: service, service, process: 'http', url, version: '1', startedAt: '' },
    load: () => 0,
  });
  onTestFinished(async () => {
    await registered.close();
    await hub.close();
    await server.close();
  });
  await until(() => registered.stats().beats > 0);
  return tokens;
}
