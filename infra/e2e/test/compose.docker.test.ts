import { request } from 'node:https';
import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { redisNames } from '../../redis/src/redis-users.ts';
import { jobsRedis, processes, serviceNames } from '../../services/src/services.ts';
import { answered } from '../src/answered.ts';
import { composeProject } from '../src/compose-project.ts';
import { docker } from '../src/docker.ts';
import { browser, follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { startLoad } from '../src/load.ts';
import { openStack } from '../src/open-stack.ts';
import { caller, signIn, signUp, withApiKey } from '../src/people.ts';
import { killContainer } from '../src/restart-container.ts';

const MEBIBYTE = 1024 * 1024;
const services = processes.map(({ name }) => name);
/** The instances that this stack is started with. */
const running = Object.fromEntries(
  services.map((name) => [name, { redirect: 3, create: 2 }[name as string] ?? 1]),
);
const { stack } = await openStack();
const {
  E2E_COMPOSE_PROJECT = '',
  E2E_READY_AFTER_MS,
  E2E_SHORT_TLS_PORT,
  E2E_APP_TLS_PORT,
} = process.env;
const project = composeProject(E2E_COMPOSE_PROJECT, {});
const http = createHttpClient();
afterAll(() => http.close());

const person = await signUp(http, stack);
const api = await withApiKey(http, stack, person);
const { slug } = answered(
  201,
  await api.call('POST', '/api/links', { url: 'http://target.test/' }),
).json();

test('everything is ready within 30 s of the build', () => {
  const seconds = Number(E2E_READY_AFTER_MS) / 1_000;
  console.log(`Everything was ready ${seconds.toFixed(1)} s after the build.`);
  expect(seconds).toBeLessThan(30);
});

test.for(services)(
  '%s reaches its own jobs Redis and no other service’s',
  { timeout: 60_000 },
  async (service) => {
    const [container = ''] = await project.containers(service);
    const answering: string[] = [];
    for (const name of Object.keys(jobsRedis).map((server) => `redis-${server}`)) {
      const answer = await project.exec(container, 'node', '--eval', pingProgram(name));
      if (answer.includes('NOAUTH')) answering.push(name);
    }
    const own = `jobs-${service.replace('-jobs', '')}`;
    expect(answering).toEqual(own in jobsRedis ? [`redis-${own}`] : []);
  },
);

test.for(services)(
  '%s runs as Node itself, without privileges, on a read-only file system with a memory limit',
  async (service) => {
    for (const container of await project.containers(service)) {
      const [inspected] = JSON.parse(await docker(['inspect', container]));
      expect(inspected.Config.User).toBe('1000:1000');
      expect(inspected.HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        Privileged: false,
        Memory: 512 * MEBIBYTE,
      });
      expect(await project.exec(container, 'cat', '/proc/1/cmdline')).toMatch(/^node\0dist\//);
      const environment = inspected.Config.Env.join('\n');
      expect(environment).not.toMatch(/(PASSWORD|SECRET|KEY|_URL)=/);
    }
  },
);

test('each image is at most 90 MiB above its base', async () => {
  const sizeOf = async (image: string) =>
    Number(await docker(['image', 'inspect', '--format', '{{.Size}}', image]));
  const base = await sizeOf('node:26-trixie-slim');
  for (const service of [...serviceNames, 'migrate']) {
    const added = (await sizeOf(`shortstack/${service}:dev`)) - base;
    console.log(`shortstack/${service}: ${(added / MEBIBYTE).toFixed(0)} MiB above its base`);
    expect(added).toBeLessThanOrEqual(90 * MEBIBYTE);
  }
});

test('nginx uses every instance and the registry knows each', async () => {
  await untilServedBy('redirect');
  await untilServedBy('create');
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
  const admin = await signIn(http, stack, person);
  const registered = await until(
    async () => {
      const answer = await http.send(`${stack.opsOrigin}/ops`, { headers: admin.headers });
      const instances: { service: string; process: string }[] = answered(200, answer).json()
        .instances;
      const names = instances.map(({ service, process }) =>
        process === 'http' ? service : `${service}-jobs`,
      );
      return names.length === Object.values(running).reduce((a, b) => a + b) ? names : undefined;
    },
    { deadlineMs: 30_000, message: 'The overview does not show every process' },
  );
  const counts = Object.groupBy(registered ?? [], (name) => name);
  expect(
    Object.fromEntries(Object.entries(counts).map(([name, all]) => [name, all?.length])),
  ).toEqual(running);
});

test('both origins answer by TLS, and under a public name say that they always will', async () => {
  const short = await getByTls(E2E_SHORT_TLS_PORT, `/${slug}`);
  expect([short.status, short.headers.location]).toEqual([302, 'http://target.test/']);
  const app = await getByTls(E2E_APP_TLS_PORT, '/api/auth/me');
  expect(app.status).toBe(401);
  for (const { headers } of [short, app]) {
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
  }
});

test('an instance of redirect and one of create are killed: only requests in flight fail, and clicks count once', async () => {
  const clicks = createHttpClient({ connections: 32 });
  const following = startLoad({
    perSecond: 200,
    send: (index) =>
      follow(clicks, stack.shortOrigin, slug, { 'x-request-id': `killed-${index}` }).then(
        (answer) => {
          if (answer.status === 302) answeredIds.push(`killed-${index}`);
          return answer;
        },
      ),
    isGood: ({ status }) => status === 302,
  });
  const answeredIds: string[] = [];
  const { email, password } = person;
  const signingIn = startLoad({
    perSecond: 2,
    async send() {
      const login = await caller(http, stack, {}).call('POST', '/api/auth/login', {
        email,
        password,
      });
      if (login.status !== 200) return login;
      const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      return caller(http, stack, { cookie }).call('GET', '/api/auth/me');
    },
    isGood: ({ status }) => status === 200,
  });
  const goOn = (redirects: number, signIns: number) => {
    const [before, signInsBefore] = [following.answered, signingIn.answered];
    return until(
      () =>
        following.answered >= before + redirects && signingIn.answered >= signInsBefore + signIns,
      { deadlineMs: 60_000, message: 'The load does not go on' },
    );
  };
  await goOn(200, 2);

  const killed: { container: string; at: number }[] = [];
  for (const service of ['redirect', 'create'] as const) {
    const [container = ''] = await project.containers(service);
    killed.push({ container, at: await killContainer(container) });
    await goOn(1_000, 10);
  }
  await Promise.all([following.stop(), signingIn.stop()]);
  clicks.close();
  const failedAfter = (load: typeof following, at = 0) =>
    load.failures.filter(({ sentAt }) => sentAt > at);
  console.log(
    `${following.answered} redirects, ${following.failures.length} failed in flight; ${signingIn.answered} sign-ins, ${signingIn.failures.length} failed in flight`,
  );
  expect(failedAfter(following, killed[0]?.at)).toEqual([]);
  expect(failedAfter(signingIn, killed[1]?.at)).toEqual([]);
  expect([following.refused, following.reconnected, signingIn.refused]).toEqual([0, 0, 0]);

  const counted = await until(
    async () => {
      const rows = await stack.sql<{ request_id: string }>(
        `SELECT request_id FROM clicks WHERE request_id LIKE 'killed-%'`,
      );
      return rows.length >= answeredIds.length ? rows.map((row) => row.request_id) : undefined;
    },
    { deadlineMs: 30_000, message: 'Not every click was counted' },
  );
  expect(new Set(counted).size).toBe(counted?.length);
  expect(answeredIds.filter((id) => !counted?.includes(id))).toEqual([]);

  for (const { container } of killed) {
    await docker(['start', container]);
    await project.healthy(container);
  }
  await untilServedBy('redirect');
  await untilServedBy('create');
}, 240_000);

test.each(redisNames)('redis-%s has denied its users nothing', async (name) => {
  const [container = ''] = await project.containers(`redis-${name}`);
  const log =
    'REDISCLI_AUTH=$(cat /run/secrets/admin-password) redis-cli --user admin --raw ACL LOG';
  expect(await project.exec(container, 'sh', '-c', log)).toBe('');
});

/** A program that prints what a Redis server without our password answers, or why it can't be reached. */
function pingProgram(host: string): string {
  return `
    const socket = require('node:net').connect(6379, ${JSON.stringify(host)});
    const end = (text) => { console.log(text); process.exit(); };
    socket.setTimeout(2000, () => end('no answer'));
    socket.on('error', (error) => end(error.code));
    socket.on('data', (data) => end(String(data)));
    socket.write('PING\\r\\n');`;
}

/** Waits until answers have come from every running container of a service. */
async function untilServedBy(service: 'create' | 'redirect'): Promise<void> {
  const containers = await project.containers(service);
  const seen = new Set<string>();
  const ask = () =>
    service === 'redirect'
      ? follow(http, stack.shortOrigin, `${slug}+`)
      : http.send(`${stack.appOrigin}/api/auth/me`, { headers: { 'user-agent': browser } });
  await until(
    async () => {
      seen.add(String((await ask()).headers['x-served-by']));
      return containers.every((id) => seen.has(`${id.slice(0, 12)}-1`));
    },
    { deadlineMs: 20_000, message: `Not every instance of ${service} is used` },
  );
}

function getByTls(port: string | undefined, path: string) {
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    request(
      // The certificate is self-signed: that it is used is tested, not who vouches for it.
      {
        host: 'localhost',
        port,
        path,
        headers: { host: 'links.example.com' },
        rejectUnauthorized: false,
        timeout: 10_000,
      },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      },
    )
      .once('error', reject)
      .end();
  });
}
