import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import type { ComposeService } from '../src/compose-project.ts';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { startLoad } from '../src/load.ts';
import { signUp, withApiKey } from '../src/people.ts';
import { restartContainer } from '../src/restart-container.ts';
import { startComposeStack } from '../src/start-compose-stack.ts';

const services: ComposeService[] = [
  'redirect',
  'redirect-jobs',
  'create',
  'create-jobs',
  'worker',
  'worker-jobs',
];
const LINKS = 100;

console.log('Building the images …');
const stack = await startComposeStack('shortstack-rolling');
const { project } = stack;
const http = createHttpClient();
const forRedirect = createHttpClient({ connections: 64 });
afterAll(async () => {
  http.close();
  forRedirect.close();
  await project.down();
}, 120_000);
await project.up({ redirect: 3, create: 2 });

/** Refused by whoever reads pages: no request leaves this machine, and the job is done all the same. */
const target = (index: number) => `http://127.0.0.1:9/${index}`;
const api = await withApiKey(http, stack, await signUp(http, stack));
const slugs: string[] = [];
for (let index = 0; index < LINKS; index += 1) slugs.push(await create(index));

test('every process is restarted, one by one, at 1,000 redirects a second: no redirect and no creation fails, no click and no job is lost', async () => {
  const clicks: string[] = [];
  /** When each instance answered last. */
  const servedAt = new Map<string, number>();
  const following = startLoad({
    perSecond: 1_000,
    async send(index) {
      const id = `rolling-${index}`;
      const slug = slugs[index % LINKS] ?? '';
      const answer = await follow(forRedirect, stack.shortOrigin, slug, { 'x-request-id': id });
      if (answer.status === 302) clicks.push(id);
      servedAt.set(String(answer.headers['x-served-by']), performance.now());
      return answer;
    },
    isGood: ({ status }) => status === 302,
  });
  const created: string[] = [];
  const creating = startLoad({
    perSecond: 5,
    async send(index) {
      const answer = await api.call('POST', '/api/links', { url: target(index) });
      if (answer.status === 201) created.push(answer.json().slug);
      servedAt.set(String(answer.headers['x-served-by']), performance.now());
      return answer;
    },
    isGood: ({ status }) => status === 201,
  });
  await until(() => following.answered > 2_000, { deadlineMs: 30_000 });

  for (const service of services) {
    for (const container of await project.containers(service)) {
      const { exitCode, stopSeconds, totalSeconds } = await restartContainer(project, container);
      console.log(
        `${service} ended after ${stopSeconds.toFixed(1)} s and was back after ${totalSeconds.toFixed(1)} s`,
      );
      expect(exitCode).toBe(0);
      expect(following.failures).toEqual([]);
      // The next one goes when this one is back at work, as a careful operator would do it.
      if (service !== 'redirect' && service !== 'create') continue;
      const backAt = performance.now();
      const isUsed = () => (servedAt.get(`${container.slice(0, 12)}-1`) ?? 0) > backAt;
      await until(isUsed, { deadlineMs: 30_000, message: `${service} gets no requests again` });
    }
  }
  await Promise.all([following.stop(), creating.stop()]);
  console.log(
    `${following.answered} redirects, sent at ${following.sentPerSecond.toFixed(0)}/s, and ${created.length} links created`,
  );
  expect(following.sentPerSecond).toBeGreaterThan(990);
  for (const { failures, refused, reconnected } of [following, creating]) {
    expect({ failures, refused, reconnected }).toEqual({
      failures: [],
      refused: 0,
      reconnected: 0,
    });
  }

  const counted = await until(
    async () => {
      const rows = await stack.sql<{ id: string }>(
        `SELECT request_id AS id FROM clicks WHERE request_id LIKE 'rolling-%'`,
      );
      return rows.length >= clicks.length ? rows.map(({ id }) => id) : undefined;
    },
    { deadlineMs: 60_000, message: 'Not every click was counted' },
  );
  expect(counted?.length).toBe(clicks.length);
  expect(new Set(counted)).toEqual(new Set(clicks));

  await until(async () => (await unfinishedJobs([...slugs, ...created])).length === 0, {
    deadlineMs: 60_000,
    message: 'Not every link had its metadata read',
  });
  expect(await unfinishedJobs([...slugs, ...created])).toEqual([]);
}, 600_000);

async function create(index: number): Promise<string> {
  return answered(201, await api.call('POST', '/api/links', { url: target(index) })).json().slug;
}

/** Ids of the jobs that these links ask for and that create's queue does not have among the completed ones. */
async function unfinishedJobs(ofSlugs: readonly string[]): Promise<string[]> {
  const links = await stack.sql<{ id: number; version: number }>(
    'SELECT id, version FROM links WHERE slug = ANY($1)',
    [ofSlugs],
  );
  expect(links).toHaveLength(ofSlugs.length);
  const [redis = ''] = await project.containers('redis-jobs-create');
  const completed = await project.exec(
    redis,
    'sh',
    '-c',
    `REDISCLI_AUTH=$(cat /run/secrets/admin-password) redis-cli --user admin ZRANGE '{create}:create-work:completed' 0 -1`,
  );
  const done = new Set(completed.split('\n'));
  return links
    .map(({ id, version }) => `metadata-${id}-${version}`)
    .filter((jobId) => !done.has(jobId));
}
