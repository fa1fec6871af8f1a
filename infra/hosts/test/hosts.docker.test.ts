import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '@shortstack/servers';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { docker } from '../../e2e/src/docker.ts';
import { openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { containersOf, kindOf, redisServersOf, usualHosts } from '../src/kinds.ts';
import { commandRedis } from '../src/redis-admin.ts';
import { openSite } from './open-site.ts';
import { runIn } from './run-in.ts';
import { secretOf } from './secret-of.ts';
import { tryToStart } from './try-to-start.ts';

const running = await openSite();
const { site, http, container } = running;

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
  const servers = await Promise.all(
    hostsWithRedis.map(async (host) => {
      const name = `redis-jobs-${kindOf(host)}`;
      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
      return {
        host,
        name,
        address: await docker(['inspect', '--format', format, container(host, name)]),
      };
    }),
  );
  // At once: what is not reached costs its time-out.
  const lines = servers.map(
    ({ host, name, address }) => `(
      timeout 2 bash -c '</dev/tcp/${address}/6379' 2>/dev/null && echo ${host} by address
      getent ahostsv4 ${name} | grep -q '^${address} ' && echo ${host} by name
    ) &`,
  );
  const places = usualHosts.flatMap((host) =>
    containersOf[kindOf(host)]
      .filter((service) => service !== 'migrate')
      .map((service) => ({ host, service })),
  );
  const found = await Promise.all(
    places.map(async ({ host, service }) => {
      const script = `${lines.join('\n')}\nwait`;
      const said = await docker(['exec', container(host, service), 'bash', '-c', script]);
      return { host, service, reached: said.split('\n').filter(Boolean).sort() };
    }),
  );
  const isOwn = (host: string) => servers.some((server) => server.host === host);
  expect(found).toEqual(
    places.map((place) => ({
      ...place,
      reached: isOwn(place.host) ? [`${place.host} by address`, `${place.host} by name`] : [],
    })),
  );
});

test('a host has no secret but its own', async () => {
  const secrets = JSON.parse(secretOf(site, 'vault/secrets.json')) as Record<string, string>;
  const files = readdirSync(join(site.directory, 'redirect-1'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const own = Object.keys(secrets).filter(
    (name) => name !== 'rotations' && files.join().includes(secrets[name] ?? ''),
  );
  expect(own.sort()).toEqual(
    [
      ...['postgres-redirect', 'postgres-redirect-jobs'],
      ...['admin', 'health', 'redirect', 'redirect-jobs'].map(
        (user) => `redirect-1/redis-jobs-redirect-${user}`,
      ),
      ...[
        'redis-cache-redirect',
        'redis-cache-redirect-jobs',
        'redis-hub-redirect',
        'redis-hub-redirect-jobs',
      ],
      ...['redis-session-redirect', 'redirect-unlock', 'session-encryption'],
    ].sort(),
  );
});

test('with all that a host “redirect” has nobody can be signed in, no link altered, and create’s jobs are out of reach', async () => {
  const said = await runIn(
    container('redirect-1', 'redirect'),
    `
    const { connectRedis } = await import('@shortstack/redis');
    const { createDatabase } = await import('@shortstack/db');
    const secret = (name) => fs.readFileSync('/run/secrets/' + name, 'utf8').trim();
    const session = secret('redis-session-url');
    const redis = (url) => connectRedis({ name: 'leaked', url, tls: { ca: secret('ca.pem') } });
    const sessions = redis(session);
    await sessions.ready();
    const forging = sessions.client.hset('session:{' + 't'.repeat(22) + '}:' + 'i'.repeat(43), 'userId', '1');
    const jobs = redis(secret('redis-jobs-url').replace('redis-jobs-redirect', 'redis-jobs-create'));
    const { pool } = createDatabase({ url: secret('database-url'), applicationName: 'leaked' });
    const altering = pool.query("UPDATE links SET url = 'http://evil.test/'");
    console.log(
      await forging.catch(({ message }) => message.split(' ')[0]),
      await altering.catch(({ code }) => code),
      await jobs.ready(2_000).catch(({ code }) => code),
    );
    process.exit();`,
  );
  expect(said).toBe('NOPERM 42501 REDIS_UNAVAILABLE');
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
  const said = await tryToStart(site, 'worker', 'worker', settings);
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
    const said = await tryToStart(site, 'create', 'create-jobs', settings);
    expect(said).toMatch(/could not start: PostgreSQL /);
    expect(said).toMatch(sentence);
  },
);

test('a process does not start, and says so, when a grant is missing at PostgreSQL', async () => {
  await running.sql('REVOKE CONNECT ON DATABASE shortstack FROM PUBLIC');
  try {
    const said = await tryToStart(site, 'create', 'create-jobs', {});
    expect(said).toMatch(
      /could not start: PostgreSQL refused this service: permission denied for database/,
    );
  } finally {
    await running.sql('GRANT CONNECT ON DATABASE shortstack TO PUBLIC');
  }
});

test('a process does not start, and says so, when a grant is missing at Redis', async () => {
  await commandRedis(site, 'shared', 'redis-session', ['ACL SETUSER worker clearselectors']);
  try {
    const said = await tryToStart(site, 'worker', 'worker', {});
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
