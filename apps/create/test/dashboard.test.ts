import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { client } from './client.ts';
import { startCreate } from './start-create.ts';

const directory = await mkdtemp(join(tmpdir(), 'dashboard-'));
await writeFile(join(directory, 'index.html'), '<title>Shortstack</title>');
afterAll(() => rm(directory, { recursive: true }));
const create = await startCreate({
  WEB_DIRECTORY: directory,
  OPS_ORIGIN: 'http://ops.test',
});
const anyone = client(create);

test.each(['/', '/links', '/links/spring-sale', '/account'])(
  '%s shows the dashboard',
  async (path) => {
    const { statusCode, headers, body } = await anyone.get(path);
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: '<title>Shortstack</title>' });
    expect(headers['content-security-policy']).toContain("script-src 'self'");
  },
);

test.each(['/links/a/b', '/accounts', '/assets/none.js', '/api/nothing'])(
  '%s does not',
  async (path) => {
    expect((await anyone.get(path)).statusCode).toBe(404);
  },
);

test('/ops leads to where the operations pages are', async () => {
  expect((await anyone.get('/ops')).headers.location).toBe('http://ops.test/ops');
});

test('the document of the API does not name the pages', async () => {
  const { paths } = (await anyone.get('/openapi.json')).json();
  expect(Object.keys(paths).filter((path) => !/^\/(api|\.well-known)\//.test(path))).toEqual([]);
});
