import { until } from '@shortstack/testing';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { answered } from '../../e2e/src/answered.ts';
import type { Browser } from '../../e2e/src/browser.ts';
import { docker } from '../../e2e/src/docker.ts';
import { createHttpClient } from '../../e2e/src/http-client.ts';
import { type Caller, signUp, withApiKey } from '../../e2e/src/people.ts';
import { type Owner, openAll, signInByLink, signUpOwner } from '../../e2e/src/sign-in-journey.ts';
import { backUpDatabase, restoreDatabase } from '../src/back-up-database.ts';
import { backUpSessions, restoreSessions } from '../src/back-up-sessions.ts';
import { ask, project } from '../src/compose.ts';
import { rotateAuthority } from '../src/rotate-authority.ts';
import { rotateCertificates } from '../src/rotate-certificates.ts';
import { rotatePasswords } from '../src/rotate-passwords.ts';
import { beginAuthorityRotation, openVault } from '../src/vault.ts';
import { openSite } from './open-site.ts';
import { runIn } from './run-in.ts';
import { secretOf } from './secret-of.ts';
import { startClicks } from './start-clicks.ts';

const running = await openSite();
const { site, http, container } = running;

let owner: Owner;
let browser: Browser;
let slug: string;
let api: Caller;
beforeAll(async () => {
  owner = await signUpOwner(http, running);
  ({ browser } = await signInByLink(http, running, owner));
  api = await withApiKey(http, running, await signUp(http, running));
  slug = answered(201, await api.call('POST', '/api/links', { url: 'http://hosts.test/' })).json()
    .slug;
});
const signedIn = () => openAll(browser, running, owner.slug);

test('every password is rotated under load: no redirect fails, no click is lost, everybody stays signed in, and the old passwords are refused', async () => {
  const { load, counted } = startClicks(running, slug, 'passwords');
  const oldRedis = secretOf(site, 'create/create/redis-session-url');
  const oldDatabase = secretOf(site, 'create/create/database-url');
  await rotatePasswords(site);
  await load.stop();

  expect({ failures: load.failures, refused: load.refused }).toEqual({ failures: [], refused: 0 });
  expect(load.answered).toBeGreaterThan(1_000);
  await counted();
  expect(await signedIn()).toEqual([200, owner.target, 200]);
  expect(secretOf(site, 'create/create/redis-session-url')).not.toBe(oldRedis);
  const tried = await inCreate(`
    const { connectRedis } = await import('@shortstack/redis');
    const { createDatabase } = await import('@shortstack/db');
    const ca = fs.readFileSync('/run/secrets/ca.pem', 'utf8');
    const redis = connectRedis({ name: 'old', url: '${oldRedis}', tls: { ca } });
    const database = createDatabase({ url: '${oldDatabase}', applicationName: 'old' });
    const code = (error) => error.code;
    console.log(await redis.ready().catch(code), await database.checkAccess().catch(code));
    process.exit();`);
  expect(tried).toBe('REDIS_AUTH_FAILED DATABASE_REFUSED');
});

test('every certificate is rotated under load: no redirect fails, no click is lost, and new connections meet the new one', async () => {
  const { load, counted } = startClicks(running, slug, 'certificates');
  const servers = ['session:6379', 'hub:6380', 'cache:6381'];
  const before = await Promise.all(servers.map(fingerprint));
  const databaseBefore = secretOf(site, 'data/postgres/certificate.pem');
  await rotateCertificates(site);
  await load.stop();

  expect({ failures: load.failures, refused: load.refused }).toEqual({ failures: [], refused: 0 });
  await counted();
  const after = await Promise.all(servers.map(fingerprint));
  expect(after.filter((each) => before.includes(each))).toEqual([]);
  expect(secretOf(site, 'data/postgres/certificate.pem')).not.toBe(databaseBefore);
  await docker(['restart', container('create', 'create')]);
  await until(async () => (await signedIn().catch(() => [])).join() === `200,${owner.target},200`, {
    deadlineMs: 30_000,
  });
});

test('the shared host that lost all but its backups is restored from them: who was signed in then is signed in', async () => {
  const file = await backUpSessions(site);
  await ask([...project(site, 'shared'), 'rm', '--stop', '--force']);
  for (const name of ['redis-session', 'redis-hub']) {
    await docker(['volume', 'rm', `${site.name}-shared_${name}`]);
  }
  await ask([...project(site, 'shared'), 'up', '--detach', '--wait']);
  await until(async () => (await signedIn())[0] === 401, { deadlineMs: 10_000 });

  await restoreSessions(site, file);
  const whole = [200, owner.target, 200];
  await until(async () => (await signedIn()).join() === whole.join(), { deadlineMs: 30_000 });
  expect(await signedIn()).toEqual(whole);
});

test('the database is taken back to a moment after its base backup, and before a mistake', async () => {
  const base = await backUpDatabase(site);
  const link = answered(
    201,
    await api.call('POST', '/api/links', { url: 'http://kept.test/' }),
  ).json();
  const [{ moment } = { moment: '' }] = await running.sql<{ moment: string }>(
    'SELECT now()::text AS moment',
  );
  const read = async () => (await api.call('GET', `/api/links/${link.slug}`)).status;
  // The mistake.
  await running.sql('DELETE FROM links WHERE slug = $1', [link.slug]);
  expect(await read()).toBe(404);

  await restoreDatabase(site, base, moment);
  await until(async () => (await read()) === 200, { deadlineMs: 30_000 });
  // And is a database that goes on from there.
  answered(201, await api.call('POST', '/api/links', { url: 'http://later.test/' }));
}, 120_000);

test('the authority is rotated under load: no redirect fails, no click is lost, everybody stays signed in, and the old one vouches for nobody', async () => {
  beginAuthorityRotation(site);
  const both = createHttpClient({ ca: (await openVault(site)).trusted });
  onTestFinished(() => both.close());
  const trusting = await signInByLink(both, running, owner);
  const { load, counted } = startClicks({ ...running, http: both }, slug, 'authority');
  const old = secretOf(site, 'create/create/ca.pem');
  await rotateAuthority(site);
  await load.stop();

  expect({ failures: load.failures, refused: load.refused }).toEqual({ failures: [], refused: 0 });
  await counted();
  const { authority } = await openVault(site);
  expect(authority.cert).not.toBe(old);
  expect(await openAll(trusting.browser, running, owner.slug)).toEqual([200, owner.target, 200]);
  const past = createHttpClient({ ca: old });
  onTestFinished(() => past.close());
  await expect(past.send(running.appOrigin)).rejects.toThrow(/certificate/);
  expect(secretOf(site, 'create/create/ca.pem')).toBe(authority.cert);
});

const inCreate = (program: string) => runIn(container('create', 'create'), program);

/** Of the certificate that a server shows. */
function fingerprint(server: string): Promise<string> {
  const [name, port] = server.split(':');
  const host = `${name}.${site.domain}`;
  return inCreate(`
    const ca = fs.readFileSync('/run/secrets/ca.pem');
    const socket = tls.connect({ host: '${host}', servername: '${host}', port: ${port}, ca }, () => {
      console.log(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });`);
}
