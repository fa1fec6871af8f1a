import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker } from '../../e2e/src/docker.ts';
import { openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { containersOf, kindOf, redisServersOf, usualHosts } from '../src/kinds.ts';
import { openSite } from './open-site.ts';
import { runIn } from './run-in.ts';
import { secretOf } from './secret-of.ts';

const running = await openSite();
const { site, http, container } = running;

const hostsWithRedis = usualHosts.filter((host) =>
  redisServersOf(host).some((server) => server.startsWith('redis-jobs-')),
);

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
