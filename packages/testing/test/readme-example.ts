import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The packages whose READMEs hold a program under "Example", and after it what it prints. */
export const packagesWithExample = [
  'redis',
  'cache',
  'session',
  'rate-limit',
  'events',
  'queue',
  'discovery',
  'analytics',
  // `turbo gen package` adds packages above this line.
] as const;

export interface ReadmeExample {
  /** An ES module in TypeScript that needs `REDIS_URL`. */
  program: string;
  output: string;
}

export function packageDirectory(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

export async function readReadmeExample(name: string): Promise<ReadmeExample> {
  const readme = await readFile(`${packageDirectory(name)}/README.md`, 'utf8');
  const section = /^## Example$.*?^```ts\n(.*?)^```$.*?^```text\n(.*?)^```$/ms.exec(readme);
  const [, program, output] = section ?? [];
  if (program === undefined || output === undefined) {
    throw new Error(
      `packages/${name}/README.md has no "## Example" with a \`\`\`ts and a \`\`\`text block`,
    );
  }
  return { program, output };
}

/** Runs a program with this Node and returns what it printed. Throws when it fails or is not done after 20 s. */
export async function run(
  args: string[],
  options: { cwd: string; env?: Record<string, string>; stdin?: string; command?: string },
): Promise<string> {
  const { cwd, env = {}, stdin = '', command = process.execPath } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: 'pipe',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(stdin);
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    ),
  ]);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}${errors}`);
  return output;
}
