import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSecrets } from './secrets.ts';

test('what is made stays the same, and what somebody has written is handed out as it is', () => {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-secrets-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'secrets.json');
  const providers = [{ id: 'nimbus', name: 'Nimbus' }];
  writeFileSync(file, JSON.stringify({ providers, ring: 'old,new' }));
  const made = openSecrets(file).password('redis');

  const secrets = openSecrets(file);
  expect(secrets.password('redis')).toBe(made);
  expect(secrets.password('ring')).toBe('old,new');
  expect(JSON.parse(secrets.given('providers', '[]'))).toEqual(providers);
  expect(secrets.given('nothing', '[]')).toBe('[]');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    providers,
    ring: 'old,new',
    redis: made,
  });
});
