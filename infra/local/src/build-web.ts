import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.ts';

/** What the build is made of, from the checkout. */
const sources = [
  'apps/web/{*.html,vite.config.ts,package.json}',
  'apps/web/{src,build}/**/*.*',
  'packages/client/src/**/*.ts',
  'packages/design/*.css',
  'package-lock.json',
];

/** Whether a change of this file, a path from the checkout, changes the build. */
export function isWebSource(file: string): boolean {
  return /^(apps\/web|packages\/(client|design))\//.test(file);
}

/**
 * Builds `apps/web` unless the build that is there was made of the same sources, which takes 2 s, and 20 ms otherwise; true where it was
 * built. Never rejects: what is wrong is said, and the services answer with the build before, or that there is none.
 */
export async function buildWeb(root: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await build(root, signal);
  } catch (error) {
    // Such as a file that goes while it is read.
    say(`apps/web was not built: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function build(root: string, signal: AbortSignal): Promise<boolean> {
  const mark = join(root, 'apps/web/dist/.sources');
  const hash = hashOf(root);
  if (readMark(mark) === hash) return false;
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: join(root, 'apps/web'),
      // What is served is React as it runs in production, whatever this is started under.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  const [code] = await once(child, 'close').catch(() => [null]);
  if (code === 0) writeFileSync(mark, hash);
  else if (!signal.aborted) say(`apps/web was not built:\n${output.trim()}`);
  return code === 0;
}

function hashOf(root: string): string {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: root }).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function readMark(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
