import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const maxFirstLoadBytes = 150 * 1024;
const root = join(import.meta.dirname, '..');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'web-build-'));
  // A process of its own: what the tests run under, NODE_ENV=test, would make another build.
  const vite = join(root, '../../node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--outDir', directory, '--emptyOutDir', '--logLevel', 'error'];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { cwd: root, env });
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

const read = (file: string) => readFile(join(directory, file), 'utf8');

/** The scripts that a page loads before it is shown: those that it names, and what these import statically. */
async function firstScripts(entry: string): Promise<string[]> {
  const html = await read(entry);
  const found = new Set(
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? ''),
  );
  for (const file of found) {
    const code = await read(file);
    for (const [, name] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      found.add(`assets/${name}`);
    }
  }
  return [...found];
}

/** As it goes over the wire to a client that takes gzip alone: brotli is smaller. */
async function wireBytes(file: string): Promise<number> {
  const compressed = await stat(join(directory, `${file}.gz`)).catch(() => null);
  return (compressed ?? (await stat(join(directory, file)))).size;
}

test.each(['index.html', 'ops.html'])(
  'the first load of %s is at most 150 KiB of compressed scripts',
  async (entry) => {
    const scripts = await firstScripts(entry);
    const sizes = await Promise.all(scripts.map(wireBytes));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(30 * 1024);
    expect(total).toBeLessThanOrEqual(maxFirstLoadBytes);
  },
);

test('the chart is not in the first load', async () => {
  const scripts = await firstScripts('index.html');
  const code = await Promise.all(scripts.map(read));
  expect(code.some((text) => text.includes('uplot'))).toBe(false);
});

test('every file that is worth it lies there compressed, and none has an address without a hash', async () => {
  const files = await readdir(join(directory, 'assets'));
  for (const file of files) expect(file).toMatch(/-[\w-]{8}\.\w+(\.br|\.gz)?$/);
  for (const file of files.filter((name) => /\.(js|css)$/.test(name))) {
    const { size } = await stat(join(directory, 'assets', file));
    if (size < 1_024) continue;
    expect(files).toEqual(expect.arrayContaining([`${file}.br`, `${file}.gz`]));
  }
});

test.each(['index.html', 'ops.html'])(
  '%s has nothing inline, which the policy would refuse',
  async (entry) => {
    const html = await read(entry);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html.match(/<script[^>]*>[^<]/)).toBeNull();
    expect(html).toContain('blocking="render"');
  },
);
