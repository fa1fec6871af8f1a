import { claimPorts } from '@shortstack/testing';
import { expect, test } from 'vitest';
import type { Failpoint } from '../src/clicks/failpoint.ts';
import { auditClicks, flawless, untilDrained } from './audit-clicks.ts';
import { startChild } from './child-process.ts';
import { startClickLoad } from './click-load.ts';
import { killUnderLoad } from './kill-under-load.ts';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

type FailpointName = Parameters<Failpoint>[0];

const stack = await startStack();

test('a minute of clicks survives each process and their Redis being killed ten times', async () => {
  const report = await killUnderLoad(stack, {
    seconds: 60,
    perSecond: 2_000,
    links: 500,
    killsEach: 10,
    answeredAtLeast: 20_000,
  });
  console.info(`${report.acknowledged} of ${report.sent} clicks were answered`);
  expect(report.audit).toEqual(flawless);
  expect(report.kills).toBe(30);
});

async function start(kind: 'http' | 'jobs', crash?: [FailpointName, number], settings = {}) {
  const ports = await claimPorts();
  const [port, internalPort] = [`${ports.next()}`, `${ports.next()}`];
  const env = stack.environment(kind, {
    PORT: port,
    INTERNAL_PORT: internalPort,
    ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
    ...settings,
  });
  const program = kind === 'http' ? 'src/main.ts' : 'src/jobs.ts';
  const child =
    crash === undefined
      ? startChild(program, env)
      : startChild('test/crash-at.ts', env, [kind, crash[0], String(crash[1])]);
  await child.alive();
  return { ...child, url: `http://127.0.0.1:${port}` };
}

async function storedLinks() {
  const links = await Promise.all(Array.from({ length: 5 }, () => insertLink(stack.sql)));
  return { slugs: links.map(({ slug }) => slug), linkIds: links.map(({ id }) => id) };
}

const steadily = { perSecond: 300, random: Math.random };

const toSpool = { REDIS_JOBS_URL: 'redis://127.0.0.1:1' };

test.each<[FailpointName, number, string, Record<string, string>]>([
  ['stored', 1, 'stream', {}],
  ['stored', 20, 'stream', {}],
  ['acknowledged', 1, 'stream', {}],
  ['acknowledged', 20, 'stream', {}],
  ['stored', 20, 'spool', toSpool],
  ['acknowledged', 20, 'spool', toSpool],
  ['spool-rotation', 1, 'spool', toSpool],
  ['spool-rotation', 2, 'spool', toSpool],
])(
  'redirect may die at %s number %i on the way to the %s',
  async (name, count, _where, settings) => {
    const { slugs, linkIds } = await storedLinks();
    const doomed = await start('http', [name, count], settings);
    const before = startClickLoad({ ...steadily, url: doomed.url, slugs });
    expect(await doomed.ended).toBe('SIGKILL');
    await before.stop();

    const [http, jobs] = await Promise.all([start('http'), start('jobs')]);
    const after = startClickLoad({ ...steadily, url: http.url, slugs });
    while (after.acknowledged.size < 100) await new Promise((resolve) => setImmediate(resolve));
    await after.stop();
    await untilDrained(stack);
    expect(await auditClicks(stack.sql, linkIds, [before, after])).toEqual(flawless);
    for (const child of [http, jobs]) child.kill('SIGTERM');
    expect(await Promise.all([http.ended, jobs.ended])).toEqual([0, 0]);
  },
);

test.each<[FailpointName, number]>([
  ['before-commit', 1],
  ['before-commit', 5],
  ['after-commit', 1],
  ['after-commit', 5],
])('redirect-jobs may die at %s number %i', async (name, count) => {
  const { slugs, linkIds } = await storedLinks();
  const http = await start('http');
  const load = startClickLoad({ ...steadily, url: http.url, slugs });
  const doomed = await start('jobs', [name, count]);
  expect(await doomed.ended).toBe('SIGKILL');
  const jobs = await start('jobs');
  await load.stop();
  await untilDrained(stack);
  expect(await auditClicks(stack.sql, linkIds, [load])).toEqual(flawless);
  for (const child of [http, jobs]) child.kill('SIGTERM');
  expect(await Promise.all([http.ended, jobs.ended])).toEqual([0, 0]);
});
