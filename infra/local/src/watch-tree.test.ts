import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@shortstack/testing';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { watchTree } from './watch-tree.ts';

let root: string;
let changed: Set<string>;
const at = (file: string) => join(root, file);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shortstack-tree-'));
  mkdirSync(at('src/deep'), { recursive: true });
  writeFileSync(at('src/deep/a.ts'), '1');
  changed = new Set();
  const end = watchTree(root, {
    skips: (name) => name === 'node_modules',
    onChange: (file) => changed.add(file),
  });
  onTestFinished(() => {
    end();
    rmSync(root, { recursive: true, force: true });
  });
});

async function expectToldOf(file: string): Promise<void> {
  await until(() => changed.has(at(file)), { message: `${file} is not told of` });
  changed.clear();
}

test('a file that is written, replaced by another, or removed is told of, each time', async () => {
  for (const text of ['2', '3']) {
    writeFileSync(at('src/deep/a.ts'), text);
    await expectToldOf('src/deep/a.ts');
    writeFileSync(at('src/deep/a.tmp'), text);
    await expectToldOf('src/deep/a.tmp');
    renameSync(at('src/deep/a.tmp'), at('src/deep/a.ts'));
    await expectToldOf('src/deep/a.ts');
  }
  rmSync(at('src/deep/a.ts'));
  await expectToldOf('src/deep/a.ts');
  expect(existsSync(at('src/deep/a.ts'))).toBe(false);
});

test('directories that are made, moved here, or removed and made again are watched', async () => {
  mkdirSync(at('new/deep'), { recursive: true });
  writeFileSync(at('new/deep/b.ts'), '1');
  await expectToldOf('new/deep/b.ts');

  renameSync(at('new'), at('src/moved'));
  await expectToldOf('src/moved/deep/b.ts');

  for (const text of ['2', '3']) {
    rmSync(at('src/moved'), { recursive: true });
    mkdirSync(at('src/moved/deep'), { recursive: true });
    writeFileSync(at('src/moved/deep/b.ts'), text);
    await expectToldOf('src/moved/deep/b.ts');
    writeFileSync(at('src/moved/deep/b.ts'), `${text}!`);
    await expectToldOf('src/moved/deep/b.ts');
  }
  expect(existsSync(at('new'))).toBe(false);
});

test('what is skipped is not looked at', async () => {
  mkdirSync(at('node_modules/some'), { recursive: true });
  writeFileSync(at('node_modules/some/index.ts'), '1');
  writeFileSync(at('src/last.ts'), '1');
  await until(() => changed.has(at('src/last.ts')));
  expect([...changed]).toEqual([at('src/last.ts')]);
});
