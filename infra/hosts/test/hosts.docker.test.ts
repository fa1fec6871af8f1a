import { createAuthority } from '@shortstack/servers';
import { until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { docker } from '../../e2e/src/docker.ts';
import { openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { project } from '../src/compose.ts';
import { kindOf, processesOf, redisServersOf, usualHosts } from '../src/kinds.ts';
import { layOutFiles } from '../src/lay-out-files.ts';
import { commandRedis } from '../src/redis-admin.ts';
import { down } from '../src/up.ts';
import { openVault } from '../src/vault.ts';
import { secretOf } from './secret-of.ts';
import { startSite, tryToStart } from './start-site.ts';

const running = await startSite();
const { site, http, container } = running;
afterAll(() => running.stop());

const hostsWithRedis = usualHosts.filter((host) =>
  redisServersOf(host).some((server) => server.startsWith('redis-jobs-')),
);
const authority = await createAuthority('somebody else', 1);

test('somebody who signs in at create is signed in at redirect and worker, over TLS all the way', async () => {
  const owner = await signUpOwner(http, running);
  const { browser, visit } = await signInByLink(http, running, owner);
  expect(visit.headers.location).toBe(owner.target);
  expect(await openAll(browser, running, owner.slug)).toEqual([200, owner.target, 200]);
});

test('no container of any host reaches the local Redis of another host, by name or by address', async () => {
  for (const owner of hostsWithRedis) {
    const server = `redis-jobs-${kindOf(owner)}`;
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const address = await docker(['inspect', '--format', format, container(owner, server)]);
    for (const host of usualHosts) {
      const services = [...redisServersOf(host), ...processesOf(host)];
      const others = host === 'data' ? ['postgres'] : host === 'edge' ? ['nginx'] : services;
      const reached = await Promise.all(
        others.map(async (service) => [
          await canConnect(container(host, service), address),
          (await resolved(container(host, service), server)).includes(address),
        ]),
      );
      const isOwn = host === owner;
      expect({ owner, host, reached }).toEqual({
        owner,
        host,
        reached: others.map(() => [isOwn, isOwn]),
      });
    }
  }
});

test.each([
  [
    'the password is wrong',
    redisUrl('session', { password: 'wrong' }),
    /refused the user name or the password/,
  ],
  [
    'the host name is not the one of the certificate',
    redisUrl('redis-session', {}),
    /has a certificate for another host name/,
  ],
  [
    'another authority is trusted',
    { REDIS_CA_FILE: '', REDIS_CA: authority.cert },
    /has a certificate that the authority of this service does not vouch for/,
  ],
])('a process does not start, and says so, when %s at Redis', async (_, settings, sentence) => {
  const said = await tryToStart(running, project(site, 'worker'), 'worker', settings);
  expect(said).toMatch(/could not start: Redis \((session|hub)\)/);
  expect(said).toMatch(sentence);
});

test.each([
  [
    'the password is wrong',
    databaseUrl((url) => url.replace(/:[^:@]+@/, ':wrong@')),
    /refused this service: password authentication failed/,
  ],
  [
    'the host name is not the one of the certificate',
    databaseUrl((url) => url.replace('postgres.shortstack.internal', 'postgres')),
    /has a certificate for another host name/,
  ],
  [
    'another authority is trusted',
    databaseUrl((url) => url.replace(/&sslrootcert=.*/, '')),
    /has a certificate that the authority of this service does not vouch for/,
  ],
  [
    'TLS is not used',
    databaseUrl((url) => url.replace(/\?.*/, '')),
    /refused this service: no pg_hba.conf entry/,
  ],
])(
  'a process does not start, and says so, when %s at PostgreSQL',
  async (_, settings, sentence) => {
    const said = await tryToStart(running, project(site, 'create'), 'create-jobs', settings);
    expect(said).toMatch(/could not start: PostgreSQL /);
    expect(said).toMatch(sentence);
  },
);

test('a process does not start, and says so, when a grant is missing', async () => {
  await commandRedis(site, 'shared', 'redis-session', ['ACL SETUSER worker clearselectors']);
  try {
    const said = await tryToStart(running, project(site, 'worker'), 'worker', {});
    expect(said).toContain('could not start: Redis (session) does not permit HGETALL');
    expect(said).toContain('a grant is missing');
  } finally {
    await commandRedis(site, 'shared', 'redis-session', ['ACL LOAD']);
  }
  const readyz = 'http://127.0.0.1:9302/readyz';
  const ask = `fetch('${readyz}').then(({ok}) => process.exit(ok ? 0 : 1))`;
  await until(() =>
    docker(['exec', container('worker', 'worker'), 'node', '-e', ask]).then(
      () => true,
      () => false,
    ),
  );
});

function redisUrl(
  host: string,
  { password = secretOf(site, 'worker/worker/redis-session-url').match(/:([^:@]+)@/)?.[1] },
) {
  const name = host === 'session' ? `session.${site.domain}` : host;
  return {
    REDIS_SESSION_URL_FILE: '',
    REDIS_SESSION_URL: `rediss://worker:${password}@${name}:6379`,
  };
}

function databaseUrl(change: (url: string) => string): Record<string, string> {
  const url = secretOf(site, 'create/create-jobs/database-url');
  return { DATABASE_URL_FILE: '', DATABASE_URL: change(url) };
}

async function canConnect(from: string, address: string): Promise<boolean> {
  const command = `timeout 2 bash -c '</dev/tcp/${address}/6379'`;
  return docker(['exec', from, 'bash', '-c', command]).then(
    () => true,
    () => false,
  );
}

async function resolved(from: string, name: string): Promise<string> {
  return docker(['exec', from, 'bash', '-c', `getent ahostsv4 ${name} || true`]);
}

test('Prometheus on the host that watches finds every process of every host', async () => {
  await layOutFiles(site, 'watch', await openVault(site));
  const watch = project(site, 'watch');
  await docker([...watch, 'up', '--detach', '--wait', 'prometheus', 'alertmanager']);
  onTestFinished(() => down(site, ['watch'], true));
  const query = ['promtool', 'query', 'instant', 'http://127.0.0.1:9090', 'sum by (job) (up)'];
  const expected = usualHosts.flatMap(processesOf);
  const found = async () => {
    const answer = await docker([...watch, 'exec', '-T', 'prometheus', ...query]);
    return expected.every((name) =>
      answer.includes(`{job="${name}"} => ${name.startsWith('redirect') ? 2 : 1} `),
    );
  };
  await until(found, { deadlineMs: 60_000, message: 'Prometheus does not find every process' });
});
