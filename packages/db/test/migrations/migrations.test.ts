import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPreviousVersion } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { checkMigration, statementsOf } from './check-migration.ts';
import { migrationsFolder, readJournal, readMigration } from './read-migrations.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const { entries } = await readJournal();
const previous = await findPreviousVersion(root);

test('each migration only expands, or says why it may do more', async () => {
  const faults = await Promise.all(
    entries.map(async ({ tag }) => checkMigration(tag, await readMigration(tag))),
  );
  expect(faults.flat()).toEqual([]);
});

test('the journal lists every migration in order: one that is dated before another would be passed over', async () => {
  const files = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql'));
  expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(files.toSorted());
  const dates = entries.map(({ when }) => when);
  expect(dates).toEqual([...new Set(dates)].toSorted((a, b) => a - b));
});

test.skipIf('missing' in previous)(
  'what the version before has applied has not changed but for comments',
  async () => {
    if ('missing' in previous) return;
    const show = async (path: string) => {
      const file = `${previous.commit}:packages/db/migrations/${path}`;
      return (await promisify(execFile)('git', ['show', file], { cwd: root })).stdout;
    };
    const before: typeof entries = JSON.parse(await show('meta/_journal.json')).entries;
    expect(entries.slice(0, before.length)).toEqual(before);
    for (const { tag } of before) {
      const [old, now] = [await show(`${tag}.sql`), await readMigration(tag)];
      expect(await statementsOf(now), tag).toEqual(await statementsOf(old));
    }
  },
);
