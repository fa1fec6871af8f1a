import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.ts';

export interface CompileAheadOptions {
  /** Source files; what they import statically is compiled with them. */
  files: readonly string[];
  /** What `NODE_COMPILE_CACHE` names. Where it is there already, nothing is done. */
  cacheDirectory: string;
  signal: AbortSignal;
}

const program = fileURLToPath(new URL('compile-ahead-program.ts', import.meta.url));

/**
 * Compiles the services' sources once, while the servers make their data, instead of in each of six processes at once: 2 s of CPU
 * time instead of 12, and no process keeps the compiler of TypeScript in memory. Never rejects: a service compiles what
 * is missing.
 */
export async function compileAhead(options: CompileAheadOptions): Promise<void> {
  const { files, cacheDirectory, signal } = options;
  if (existsSync(cacheDirectory)) return;
  // With their flags: what is compiled under others does not fit them.
  const args = ['--conditions=source', ...nodeFlags, program, ...files];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_COMPILE_CACHE: cacheDirectory },
    stdio: 'ignore',
    signal,
  });
  await once(child, 'exit').catch(() => {});
}
