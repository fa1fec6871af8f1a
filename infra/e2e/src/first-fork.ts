// `npm run test:first-fork`: follows docs/forking.md in a clone of this checkout's last commit, and prints how long each command took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAX_COMMANDS = 10;
const MAX_SECONDS = 600;
/** What `npm start` says last. */
const RUNS = /stop +Ctrl-C/;

const checkout = resolve(import.meta.dirname, '../../..');
const documentation = await readFile(join(checkout, 'docs/forking.md'), 'utf8');
const { name: present } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
if (documentation.includes(`rename -- ${present} `) || existsSync(join(checkout, 'apps/billing'))) {
  console.log('The names of the example are taken in this fork: nothing to try.');
  process.exit();
}
const commands = commandsIn(documentation);
const directory = await mkdtemp(join(tmpdir(), 'first-fork-'));
// Root's data would lie elsewhere if nobody else could enter.
await chmod(directory, 0o755);
const clone = join(directory, 'links');
const who = { name: 'First Fork', email: 'first@example.com' };
/** The Compose project and the images, of whatever name the clone is: so nobody else's are touched. */
const containers = 'first-fork';
/** Beside whatever else runs here. */
const env = {
  ...withoutNpm(process.env),
  ...{ GIT_AUTHOR_NAME: who.name, GIT_AUTHOR_EMAIL: who.email },
  ...{ GIT_COMMITTER_NAME: who.name, GIT_COMMITTER_EMAIL: who.email },
  COMPOSE_PROJECT_NAME: containers,
  IMAGE_PREFIX: containers,
  PORT_OFFSET: '700',
  APP_PORT: '8780',
  SHORT_PORT: '8781',
  APP_TLS_PORT: '8743',
  SHORT_TLS_PORT: '8744',
};

const startedAt = performance.now();
const secondsSince = (moment: number) => (performance.now() - moment) / 1000;
try {
  if (commands.length > MAX_COMMANDS) throw new Error(`These are ${commands.length} commands.`);
  for (const [index, command] of commands.entries()) {
    console.log(`\n── ${index + 1}. ${command}`);
    const begunAt = performance.now();
    await run(command, index === 0 ? directory : clone);
    console.log(`── ${secondsSince(begunAt).toFixed(1)} s`);
  }
  const seconds = secondsSince(startedAt);
  console.log(`\n${commands.length} commands, ${seconds.toFixed(0)} s.`);
  if (seconds > MAX_SECONDS) throw new Error(`That is more than ${MAX_SECONDS} s.`);
} catch (error) {
  console.error(`\n${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await removeContainers().catch((error: Error) => console.error(error.message));
  await rm(directory, { recursive: true, force: true });
}

/** With the images. There are none where an earlier command failed. */
async function removeContainers(): Promise<void> {
  await access(clone);
  await run('docker compose down --volumes --timeout 5', clone);
  const images = `docker image ls --quiet --filter 'reference=${containers}/*'`;
  await run(`${images} | xargs --no-run-if-empty docker image rm --force`, clone);
}

/** The first block of commands under "The first ten minutes", each without its comment. */
function commandsIn(text: string): string[] {
  const block = /## The first ten minutes\n.*?```sh\n(.*?)```/s.exec(text)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter(Boolean);
}

/** Runs a command as a user would; `npm start` until it says that all is up. Rejects if it fails, or has not ended in time. */
async function run(command: string, cwd: string): Promise<void> {
  const here = command
    .replace(/https:\/\/github\.com\/\S+\.git/, checkout)
    .replace('localhost:8080', `localhost:${env.APP_PORT}`);
  const isStart = command === 'npm start';
  const child = spawn('bash', ['-c', `exec 2>&1; ${here}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name);
  const overdue = setTimeout(() => signal('SIGKILL'), MAX_SECONDS * 1000);
  let output = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output = (output + text).slice(-10_000);
    if (isStart && !asked && RUNS.test(output)) {
      asked = true;
      // As the terminal's Ctrl-C does: to the whole group.
      signal('SIGINT');
    }
  });
  const [code] = await once(child, 'close');
  clearTimeout(overdue);
  if (code !== 0 && !asked) throw new Error(`“${command}” failed (${code}).`);
}

function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(environment).filter(([key]) => !/^(npm_|INIT_CWD)/i.test(key));
  return Object.fromEntries(entries);
}
