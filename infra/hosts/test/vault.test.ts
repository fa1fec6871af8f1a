import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { siteOf } from '../src/site.ts';
import { beginRotation, endRotation, openVault } from '../src/vault.ts';

test('a rotation that was interrupted goes on where it was, and loses neither old nor new passwords', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-vault-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const site = siteOf({ HOSTS_DIRECTORY: directory });
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
