import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { browser, follow } from '../src/follow.ts';
import { createHttpClient, type HttpClient } from '../src/http-client.ts';
import { type Load, startLoad } from '../src/load.ts';
import { signIn, signUp, withApiKey } from '../src/people.ts';
import { redisCommand } from '../src/redis-command.ts';
import type { ServiceName } from '../src/service-environments.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack();
const clients: HttpClient[] = [];
const http = client();
const person = await signUp(http, stack);
await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
const admin = await signIn(http, stack, person);
const api = await withApiKey(client(), stack, person);
const { slug } = (await api.call('POST', '/api/links', { url: 'http://target.test/' })).json();
const answeredClicks: string[] = [];
const forRedirect = client();

const loads: Record<'create' | 'redirect' | 'worker', Load> = {
  create: startLoad({
    perSecond: 50,
    send: (index) => api.call('POST', '/api/links', { url: `http://target.test/${index}` }),
    isGood: ({ status }) => status === 201,
  }),
  redirect: startLoad({
    perSecond: 100,
    async send(index) {
      const id = `graceful-${index}`;
      const answer = await follow(forRedirect, stack.shortOrigin, slug, { 'x-request-id': id });
      answeredClicks.push(id);
      return answer;
    },
    isGood: ({ status }) => status === 302,
  }),
  worker: startLoad({
    perSecond: 25,
    send: () =>
      http.send(`${stack.opsOrigin}/ops`, {
        headers: { ...admin.headers, accept: 'text/html', 'user-agent': browser },
      }),
    isGood: ({ status }) => status === 200,
  }),
};
afterAll(async () => {
  await stopLoads();
  for (const each of clients) each.close();
});

const order: ServiceName[] = [
  'redirect',
  'create-jobs',
  'worker-jobs',
  'create',
  'worker',
  'redirect-jobs',
];
const stopped = new Set<string>();

test('the operations overview shows every process', async () => {
  const answer = () => http.send(`${stack.opsOrigin}/ops`, { headers: admin.headers });
  const showsAll = await until(async () => {
    const instances: { id: string }[] = answered(200, await answer()).json().instances;
    return order.every((name) => instances.some(({ id }) => id === `${name}-1`));
  });
  expect(showsAll).toBe(true);
});

test.for(order)(
  '%s ends by SIGTERM: exit 0 within 25 s, nothing cut off, deregistered',
  {
    timeout: 30_000,
  },
  async (name) => {
    const [service] = stack.services[name];
    if (!service) throw new Error(`${name} does not run.`);
    const member = `${name.replace('-jobs', '')}/${service.name}`;
    const record = `registry:{instances}:record:${member}`;
    await until(() => redisCommand(stack.redis.hub.url, 'EXISTS', record), {
      message: 'It was not registered',
    });
    await until(() => running().every((load) => loads[load].answered > 10));

    const startedAt = performance.now();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`${name} ended within ${seconds.toFixed(2)} s`);
    expect(seconds).toBeLessThan(25);
    stopped.add(name);
    expect(await redisCommand(stack.redis.hub.url, 'EXISTS', record)).toBe(0);
    expect(
      await redisCommand(stack.redis.hub.url, 'SISMEMBER', 'registry:{instances}:index', member),
    ).toBe(0);

    const before = running().map((load) => loads[load].answered);
    await until(() =>
      running().every((load, index) => loads[load].answered > (before[index] ?? 0)),
    );
    for (const load of Object.values(loads)) expect(load.failures).toEqual([]);
    for (const load of running()) expect(loads[load].refused).toBe(0);
  },
);

test('every click that was answered before is counted once after a restart', async () => {
  await stopLoads();
  await stack.services['redirect-jobs'][0]?.start();
  const counted = await until(async () => {
    const rows = await stack.sql<{ request_id: string }>('SELECT request_id FROM clicks');
    return rows.length >= answeredClicks.length ? rows : null;
  });
  expect(counted?.length).toBe(answeredClicks.length);
  expect(new Set(counted?.map((row) => row.request_id))).toEqual(new Set(answeredClicks));
});

function client(): HttpClient {
  const made = createHttpClient({ connections: 4 });
  clients.push(made);
  return made;
}

function running(): (keyof typeof loads)[] {
  return (['create', 'redirect', 'worker'] as const).filter((name) => !stopped.has(name));
}

async function stopLoads(): Promise<void> {
  await Promise.all(Object.values(loads).map((load) => load.stop()));
}
