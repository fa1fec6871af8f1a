import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '@shortstack/testing';
import { afterAll, expect, inject, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { signUp, withApiKey } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';

const program = resolve(import.meta.dirname, '../../../apps/load/src/load/main.ts');
const directory = await mkdtemp(join(tmpdir(), 'shortstack-load-'));
afterAll(() => rm(directory, { recursive: true }));

const stack = await startStack({ instances: { worker: 0, 'worker-jobs': 0 } });
const http = createHttpClient();
const person = await withApiKey(http, stack, await signUp(http, stack));
const { headers } = person;
// Opens create's connections to PostgreSQL before the load does: on a busy machine that may take longer than a request waits for
// one (1 s), and a refusal for that reason says nothing about the load tester.
await until(async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => person.call('GET', '/api/links')),
  );
  return answers.every(({ status }) => status === 200);
});
const [database] = await stack.sql<{ name: string }>('SELECT current_database() AS name');
const databaseUrl = Object.assign(new URL(inject('postgres').url), {
  pathname: database?.name,
}).href;

/** Runs the load tester on the stack. */
function startLoad(...args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      program,
      '--target',
      stack.shortOrigin,
      '--api',
      stack.appOrigin,
      ...args,
    ],
    {
      env: {
        ...process.env,
        LOAD_API_KEY: headers.authorization?.replace('Bearer ', ''),
        DATABASE_URL: databaseUrl,
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { child, output: () => output };
}

test('a run of every kind of request: nothing fails, each answered redirect is counted once, and the reports say so', async () => {
  const [json, html] = [join(directory, 'report.json'), join(directory, 'report.html')];
  const mix = '--links 50 --keys zipf:1.1 --unknown 0.1 --creations 0.05 --edits 10';
  const size = '--rate 300 --ramp 0.5 --duration 2 --threads 2';
  const load = startLoad(...`${mix} ${size}`.split(' '), '--json', json, '--html', html);
  const [code] = await once(load.child, 'close');
  expect(code, load.output()).toBe(0);

  const report = JSON.parse(await readFile(json, 'utf8'));
  const kinds = { redirect: 302, 'unknown slug': 404, creation: 201, edit: 200 };
  expect(Object.keys(report.kinds).sort()).toEqual(Object.keys(kinds).sort());
  for (const [kind, status] of Object.entries(kinds)) {
    const { answers, statuses, failures } = report.kinds[kind];
    expect({ kind, statuses, failures }).toEqual({
      kind,
      statuses: { [status]: answers },
      failures: {},
    });
    expect(answers, kind).toBeGreaterThan(10);
  }
  const { answered } = report.audit;
  expect(answered).toBe(report.kinds.redirect.answers);
  expect(report.audit).toMatchObject({ countedOnce: answered, lost: 0, doubled: 0, invented: 0 });
  expect(report.edits[0].reads).toBeGreaterThan(0);
  expect(
    Math.max(...report.edits.map((each: { longestMs: number }) => each.longestMs)),
  ).toBeLessThan(5_000);
  expect(load.output()).toContain(
    `each of the ${answered} answered redirects was counted exactly once`,
  );
  expect(await readFile(html, 'utf8')).toContain('Latency by percentile');
});

test('Ctrl-C ends a run with a report and an audit', async () => {
  const load = startLoad('--links', '5', '--connections', '4', '--duration', '600');
  await new Promise<void>((resolve) => {
    load.child.stderr?.on('data', () => {
      if (load.output().includes('redirect')) resolve();
    });
  });
  load.child.kill('SIGINT');
  const [code] = await once(load.child, 'close');
  expect(code, load.output()).toBe(0);
  expect(load.output()).toContain('answered redirects was counted exactly once');
});

test('a host on the Internet is left alone unless one says that one may', async () => {
  const load = startLoad('--target', 'http://192.0.2.1');
  const [code] = await once(load.child, 'close');
  expect(code).toBe(2);
  expect(load.output()).toContain('--i-may-test-this-host');
});
