import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { layOutFiles } from '../src/lay-out-files.ts';
import { type Site, siteOf } from '../src/site.ts';
import {
  beginAuthorityRotation,
  beginRotation,
  endAuthorityRotation,
  endRotation,
  openVault,
} from '../src/vault.ts';

function newSite(): Site {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-vault-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return siteOf({ HOSTS_DIRECTORY: directory });
}

test('an authority that is being replaced is trusted beside the new one until it is forgotten, however often that begins', async () => {
  const site = newSite();
  const { authority: old } = await openVault(site);
  beginAuthorityRotation(site);
  const { authority } = await openVault(site);
  beginAuthorityRotation(site);
  expect(authority.cert).not.toBe(old.cert);
  expect(await openVault(site)).toMatchObject({
    authority,
    trusted: `${authority.cert}\n${old.cert}`,
  });
  endAuthorityRotation(site);
  expect((await openVault(site)).trusted).toBe(authority.cert);
});

test('keys that encrypt sessions are laid out as they stand in the vault, one or several', async () => {
  const site = newSite();
  const laidOut = async () => {
    await layOutFiles(site, 'create', await openVault(site));
    return readFileSync(join(site.directory, 'create/create/session-encryption-keys'), 'utf8');
  };
  const first = await laidOut();
  expect(first).toMatch(/^local:[\w-]{32}$/);
  const file = join(site.directory, 'vault/secrets.json');
  const ring = `${first},next:${'n'.repeat(32)}`;
  const secrets = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...secrets, 'session-encryption': ring }));
  expect(await laidOut()).toBe(ring);
});

test('a rotation that was interrupted goes on where it was, and loses neither old nor new passwords', async () => {
  const site = newSite();
  const name = 'create/redis-jobs-create-create-jobs';

  const { secrets } = await openVault(site);
  const [old, kept] = [secrets.password(name), secrets.password('session-encryption')];
  beginRotation(site);
  const rotating = await openVault(site);
  const next = rotating.secrets.password(name);
  expect(next).not.toBe(old);
  expect(rotating).toMatchObject({ previous: { [name]: old }, rotations: 1 });

  beginRotation(site);
  const again = await openVault(site);
  expect(again).toMatchObject({ previous: { [name]: old }, rotations: 1 });
  expect(again.secrets.password(name)).toBe(next);
  expect(again.secrets.password('session-encryption')).toBe(kept);

  endRotation(site);
  beginRotation(site);
  expect(await openVault(site)).toMatchObject({ previous: { [name]: next }, rotations: 2 });
});
