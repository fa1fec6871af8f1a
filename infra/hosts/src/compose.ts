import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { kindOf } from './kinds.ts';
import { directoryOf, root, type Site } from './site.ts';

/** Runs `docker` on this terminal. Rejects if it fails. */
export async function docker(args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  await run(args, { stdio: 'inherit', ...options });
}

/** Runs `docker` and resolves with what it printed; `input` goes to its standard input. Rejects with what it complained of. */
export function ask(args: readonly string[], input = ''): Promise<string> {
  return run(args, { stdio: ['pipe', 'pipe', 'pipe'] }, input);
}

/** The arguments of `docker` that mean the project of a host. */
export function project(site: Site, host: string): string[] {
  const file = join(root, 'infra/hosts', kindOf(host), 'compose.yml');
  const env = join(directoryOf(site, host), '.env');
  return ['compose', '--project-name', `${site.name}-${host}`, '--file', file, '--env-file', env];
}

/** Runs a command in a running container of a host. */
export function execIn(
  site: Site,
  host: string,
  container: string,
  command: readonly string[],
  input?: string,
): Promise<string> {
  return ask([...project(site, host), 'exec', '-T', container, ...command], input);
}

function run(args: readonly string[], options: SpawnOptions, input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, options);
    let printed = '';
    let complaint = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(printed.trim());
      else reject(new Error(`docker ${args.slice(-4).join(' ')} failed: ${complaint.trim()}`));
    });
    child.stdin?.end(input);
  });
}
