import { createAuthority } from '@shortstack/servers';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { docker } from '../../e2e/src/docker.ts';
import { commandRedis } from '../src/redis-admin.ts';
import { openSite } from './open-site.ts';
import { secretOf } from './secret-of.ts';
import { tryToStart } from './try-to-start.ts';

const running = await openSite();
const { site, container } = running;
const authority = await createAuthority('somebody else', 1);

test.concurrent.each([
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

test.concurrent.each([
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
