import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compileAhead } from '../src/compile-ahead.ts';

test('a file and what it imports are compiled into the cache, and not run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-compile-ahead-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const ran = join(directory, 'ran');
  const main = join(directory, 'main.ts');
  const run = `writeFileSync(${JSON.stringify(ran)}, '');`;
  writeFileSync(main, `import './imported.ts';\nconst is: string = 'typed';`);
  writeFileSync(
    join(directory, 'imported.ts'),
    `import { writeFileSync } from 'node:fs';\n${run}\nexport const is: string = 'typed';`,
  );
  const cacheDirectory = join(directory, 'cache');

  await compileAhead({ files: [main], cacheDirectory, signal: new AbortController().signal });

  expect(existsSync(ran)).toBe(false);
  const [version = ''] = readdirSync(cacheDirectory);
  // Of each the text without types and the compiled code.
  expect(readdirSync(join(cacheDirectory, version)).length).toBeGreaterThanOrEqual(4);
});
