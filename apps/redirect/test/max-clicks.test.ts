import { Agent } from 'node:http';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { send } from './send.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const instances = [await stack.startHttp(), await stack.startHttp()] as const;
const [first] = instances;
const { sql } = stack;

async function spentClicks(id: number): Promise<number> {
  const { rows } = await sql.query<{ spent: number }>(
    'SELECT spent_clicks::int AS spent FROM links WHERE id = $1',
    [id],
  );
  return rows[0]?.spent ?? 0;
}

test('of 200 requests at once to two instances exactly as many pass as the link allows', async () => {
  const { id, slug } = await insertLink(sql, { max_clicks: 37 });
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const statuses = await Promise.all(
    Array.from({ length: 200 }, async (_, at) => {
      const { url } = instances[at % 2 === 0 ? 0 : 1];
      return (await send(url, `/${slug}`, { agent })).status;
    }),
  );
  agent.destroy();
  expect(statuses.filter((status) => status === 302)).toHaveLength(37);
  expect(statuses.filter((status) => status === 410)).toHaveLength(163);
  expect(await spentClicks(id)).toBe(37);
});

test('HEAD and the preview spend nothing, bots do', async () => {
  const { id, slug } = await insertLink(sql, { max_clicks: 2 });
  for (let at = 0; at < 3; at += 1) {
    expect((await first.send(`/${slug}`, { method: 'HEAD' })).status).toBe(302);
    expect((await first.get(`/${slug}+`)).status).toBe(200);
  }
  expect(await spentClicks(id)).toBe(0);
  expect((await first.get(`/${slug}`, { 'user-agent': 'Googlebot/2.1' })).status).toBe(302);
  expect((await first.get(`/${slug}`)).status).toBe(302);
  expect(await spentClicks(id)).toBe(2);
  expect((await first.send(`/${slug}`, { method: 'HEAD' })).status).toBe(410);
  expect((await first.get(`/${slug}`)).json()).toMatchObject({ status: 410, code: 'LINK_GONE' });
});

test('whoever may not pass spends nothing', async () => {
  const { id, slug } = await insertLink(sql, { max_clicks: 1, visibility: 'private' });
  expect((await first.get(`/${slug}`)).status).toBe(401);
  expect(await spentClicks(id)).toBe(0);
});

test('what was spent is counted', async () => {
  const jobs = await stack.startJobs();
  const { id, slug } = await insertLink(sql, { max_clicks: 3 });
  for (let at = 0; at < 5; at += 1) await first.get(`/${slug}`);
  const counted = await until(async () => {
    const { rows } = await sql.query('SELECT 1 FROM clicks WHERE link_id = $1', [id]);
    return rows.length >= 3 && rows.length;
  });
  expect(counted).toBe(3);
  await jobs.close();
});
