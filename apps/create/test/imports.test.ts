import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type Client, signUp } from './client.ts';
import { type RunningCreate, startCreate } from './start-create.ts';

interface Progress {
  status: string;
  rows: number | null;
  imported: number;
  rejected: number;
  rejectedRows: {
    items: { line: number; code: string; detail: string }[];
    nextCursor: string | null;
  };
}

const csv = { 'content-type': 'text/csv' };
const jsonLines = { 'content-type': 'application/x-ndjson' };
const create = await startCreate();
const jobsRedis = await startTestRedis();
let jobs = startJobs(create, jobsRedis.url);
afterAll(() => void jobs.kill('SIGKILL'));

/** The jobs process of create as a child, to be killed. */
function startJobs(at: RunningCreate, jobsUrl: string) {
  const file = new URL('../src/jobs.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['--conditions=source', file], {
    env: {
      INSTANCE_ID: `create-jobs-${crypto.randomUUID()}`,
      LOG_LEVEL: 'error',
      INTERNAL_PORT: '0',
      ADVERTISE_URL: 'http://127.0.0.1:1',
      SHORT_ORIGIN: 'http://sho.rt:3001',
      DATABASE_URL: at.database.urlFor('create'),
      REDIS_HUB_URL: at.redis.hub,
      REDIS_CACHE_URL: at.redis.cache,
      REDIS_JOBS_URL: jobsUrl,
      SERVICE_PRIVATE_KEY: 'not needed here at all',
      METADATA_FETCH: 'off',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function send(person: Client, body: string, headers: Record<string, string>) {
  const answer = await create.app.inject({
    ...{ method: 'POST', url: '/api/imports', payload: body },
    headers: { ...person.headers, ...headers },
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function progressOf(person: Client, id: string, query = ''): Promise<Progress> {
  return (await person.get(`/api/imports/${id}${query}`)).json();
}

async function untilDone(person: Client, id: string, deadlineMs = 20_000): Promise<Progress> {
  await until(async () => (await progressOf(person, id)).status === 'done', { deadlineMs });
  return progressOf(person, id);
}

test('rows of a CSV file become links, and each bad one is named by its line and reason', async () => {
  const person = await signUp(create);
  const file = [
    'url,slug,title,tags,maxClicks,forwardQuery',
    'https://example.com/1,imp-one,"Quoted, with ""quotes""\r\nand a line",a|b,7,true',
    'javascript:alert(1),,,,,',
    'https://example.com/2,,,,,',
    '',
    'https://example.com/3,imp-one,,,,',
    'https://example.com/4,,too,many,cells,true,more',
    'https://example.com/5,,,,many,',
    'https://example.com/\uFFFD,,,,,',
  ].join('\n');
  const sent = await send(person, file, csv);
  expect(sent).toEqual({ status: 202, body: { id: expect.any(String) } });
  const done = await untilDone(person, sent.body.id);
  expect(done).toMatchObject({ rows: 7, imported: 2, rejected: 5 });
  expect(done.rejectedRows.items.map(({ line, code }) => [line, code])).toEqual([
    [4, 'URL_NOT_ALLOWED'],
    [7, 'SLUG_TAKEN'],
    [8, 'VALIDATION_FAILED'],
    [9, 'VALIDATION_FAILED'],
    [10, 'TEXT_INVALID'],
  ]);
  expect((await person.get('/api/links/imp-one')).json()).toMatchObject({
    ...{ url: 'https://example.com/1', tags: ['a', 'b'], maxClicks: 7, forwardQuery: true },
    title: 'Quoted, with "quotes"\r\nand a line',
  });
  const page = await progressOf(person, sent.body.id, '?limit=2');
  expect(page.rejectedRows.items.map(({ line }) => line)).toEqual([4, 7]);
  const next = await progressOf(
    person,
    sent.body.id,
    `?limit=100&cursor=${page.rejectedRows.nextCursor}`,
  );
  expect(next.rejectedRows.items.map(({ line }) => line)).toEqual([8, 9, 10]);
  const other = await signUp(create);
  expect((await other.get(`/api/imports/${sent.body.id}`)).statusCode).toBe(404);
});

test('JSON lines are judged one by one', async () => {
  const person = await signUp(create);
  const file = [
    '{"url":"https://example.com/a","status":301}',
    '{"url":',
    '{"url":"https://example.com/b","password":"x"}',
    '{"url":"https://example.com/c","unknown":1}',
    '{"url":"https://example.com/d","title":"\\u0000"}',
    'x'.repeat(70_000),
    '[]',
  ].join('\n');
  const { body } = await send(person, file, jsonLines);
  const done = await untilDone(person, body.id);
  expect(done).toMatchObject({ rows: 7, imported: 1, rejected: 6 });
  expect(done.rejectedRows.items.map(({ line, code }) => [line, code])).toEqual([
    [2, 'JSON_INVALID'],
    [3, 'VALIDATION_FAILED'],
    [4, 'VALIDATION_FAILED'],
    [5, 'TEXT_INVALID'],
    [6, 'ROW_TOO_LONG'],
    [7, 'VALIDATION_FAILED'],
  ]);
});

test('what is no import is refused and leaves nothing behind', async () => {
  const person = await signUp(create);
  const imports = async () =>
    (await create.sql.query('SELECT count(*)::int AS n FROM imports')).rows[0].n;
  const before = await imports();
  const codeOf = async (sent: ReturnType<typeof send>) => (await sent).body.code;
  expect(await codeOf(send(person, 'slug\nx', csv))).toBe('CSV_HEADER_INVALID');
  expect(await codeOf(send(person, 'url,owner\nx,y', csv))).toBe('CSV_HEADER_INVALID');
  expect(await codeOf(send(person, '', csv))).toBe('CSV_HEADER_INVALID');
  expect(await codeOf(send(person, '{}', { 'content-type': 'application/json' }))).toBe(
    'MEDIA_TYPE_UNSUPPORTED',
  );
  expect(await codeOf(send(person, 'url\n', { ...csv, 'idempotency-key': '' }))).toBe(
    'IDEMPOTENCY_KEY_INVALID',
  );
  const tooMany = '{}\n'.repeat(1_000_001);
  expect(await codeOf(send(person, tooMany, jsonLines))).toBe('IMPORT_TOO_LARGE');
  const { body } = await send(person, '\n', jsonLines);
  expect(await untilDone(person, body.id)).toMatchObject({ rows: 0, imported: 0 });
  expect(await imports()).toBe(before + 1);
}, 30_000);

test('the same file with the same Idempotency-Key is imported once', async () => {
  const person = await signUp(create);
  const once = { ...csv, 'idempotency-key': 'file-1' };
  const first = await send(person, 'url\nhttps://example.com/once', once);
  expect(await send(person, 'url\nhttps://example.com/once', once)).toEqual(first);
  expect((await send(person, 'url\nhttps://example.com/other', once)).body.code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  await untilDone(person, first.body.id);
  expect((await person.get('/api/links')).json().items).toHaveLength(1);
});

test('while a file is arriving, another with its Idempotency-Key is refused; once it broke off, the key is free', async () => {
  const person = await signUp(create);
  const headers = { ...person.headers, ...csv, 'idempotency-key': 'file-2' };
  const open = request(`${create.url}/api/imports`, { method: 'POST', headers });
  open.on('error', () => {});
  open.write('url\nhttps://example.com/arriving\n');
  const again = { ...csv, 'idempotency-key': 'file-2' };
  const file = 'url\nhttps://example.com/arriving';
  let answer: Awaited<ReturnType<typeof send>> | undefined;
  await until(async () => {
    const { rows } = await create.sql.query(
      `SELECT FROM idempotency_keys WHERE key = 'file-2' AND status = 102`,
    );
    return rows.length === 1;
  });
  expect(await send(person, file, again)).toMatchObject({
    ...{ status: 409, body: { code: 'IDEMPOTENCY_IN_PROGRESS' } },
  });
  open.destroy();
  await until(async () => {
    answer = await send(person, file, again);
    return answer.status === 202;
  });
  expect(await send(person, file, again)).toEqual(answer);
  await untilDone(person, answer?.body.id);
  expect((await person.get('/api/links')).json().items).toHaveLength(1);
});

test('of 10,000 rows each good one becomes one link, though the process is killed and its Redis emptied', async () => {
  const person = await signUp(create);
  const isBad = (n: number) => n % 97 === 0;
  const rows = Array.from({ length: 10_000 }, (_, n) =>
    isBad(n) ? `{"url":"nonsense ${n}"}` : `{"url":"https://example.com/kill/${n}"}`,
  );
  const { body } = await send(person, rows.join('\n'), jsonLines);
  const some = (count: number) =>
    until(async () => (await progressOf(person, body.id)).imported >= count, {
      deadlineMs: 20_000,
    });
  await some(1);
  jobs.kill('SIGKILL');
  jobs = startJobs(create, jobsRedis.url);
  await some(3_000);
  jobs.kill('SIGKILL');
  const client = new Redis(jobsRedis.url);
  onTestFinished(() => client.disconnect());
  await client.flushall();
  const killed = await progressOf(person, body.id);
  expect(killed.status).toBe('importing');
  jobs = startJobs(create, jobsRedis.url);

  const bad = rows.flatMap((_, n) => (isBad(n) ? [n + 1] : []));
  const done = await untilDone(person, body.id, 60_000);
  expect(done).toMatchObject({ imported: 10_000 - bad.length, rejected: bad.length });
  const { rows: rejections } = await create.sql.query(
    'SELECT line, code FROM import_rejections WHERE import_id = $1 ORDER BY line',
    [body.id],
  );
  expect(rejections).toEqual(bad.map((line) => ({ line, code: 'URL_NOT_ALLOWED' })));
  const { rows: links } = await create.sql.query(
    `SELECT count(*)::int AS links, count(DISTINCT url)::int AS urls FROM links
      WHERE url LIKE 'https://example.com/kill/%'`,
  );
  expect(links).toEqual([{ links: 10_000 - bad.length, urls: 10_000 - bad.length }]);
}, 120_000);
