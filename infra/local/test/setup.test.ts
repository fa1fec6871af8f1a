import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { installDependencies } from '../setup/install-dependencies.mjs';
import { installSystemPackages } from '../setup/install-system-packages.mjs';

const nodePackage = `node-${process.platform}-${process.arch}`;
const lockOf = (version: string) => ({
  packages: {
    '': {},
    'node_modules/fastify': { version, integrity: `sha512-${version}` },
    'node_modules/only-for-others': { version: '1.0.0', optional: true },
  },
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shortstack-setup-'));
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function write(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
  chmodSync(join(root, file), mode);
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('dependencies', () => {
  beforeEach(() => {
    write(
      'packages/node-runtime/package.json',
      JSON.stringify({ optionalDependencies: { [nodePackage]: '26' } }),
    );
    write('package-lock.json', JSON.stringify(lockOf('5.0.0')));
    // Stands for npm: notes how it was called.
    write(
      'npm-cli.js',
      `require('node:fs').writeFileSync('called', process.argv.slice(2).join(' '))`,
    );
    vi.stubEnv('npm_execpath', join(root, 'npm-cli.js'));
  });

  const install = (version: string) =>
    write('node_modules/fastify/package.json', JSON.stringify({ version }));

  test('those that match the lockfile are left alone, and one for another platform is not missed', async () => {
    install('5.0.0');
    write(`node_modules/${nodePackage}/package.json`, '{}');
    await installDependencies(root);
    expect(() => read('called')).toThrow('ENOENT');
  });

  test('are installed where there are none', async () => {
    await installDependencies(root);
    expect(read('called')).toBe('ci');
  });

  test('are installed again when the lockfile asks for another version', async () => {
    install('4.0.0');
    write(`node_modules/${nodePackage}/package.json`, '{}');
    await installDependencies(root);
    expect(read('called')).toBe('ci');
  });

  test('are installed where npm has a record of them, and they are not there', async () => {
    // As `npm install --package-lock-only` leaves it.
    write('node_modules/.package-lock.json', JSON.stringify(lockOf('5.0.0')));
    write(`node_modules/${nodePackage}/package.json`, '{}');
    await installDependencies(root);
    expect(read('called')).toBe('ci');
  });

  test('are installed again when one of our own packages is not linked', async () => {
    const link = { resolved: 'packages/cache', link: true };
    const lock = lockOf('5.0.0');
    Object.assign(lock.packages, { 'node_modules/@own/cache': link });
    write('package-lock.json', JSON.stringify(lock));
    install('5.0.0');
    write(`node_modules/${nodePackage}/package.json`, '{}');
    write('packages/cache/package.json', '{}');
    await installDependencies(root);
    expect(read('called')).toBe('ci');

    rmSync(join(root, 'called'));
    mkdirSync(join(root, 'node_modules/@own'));
    symlinkSync('../../packages/cache', join(root, 'node_modules/@own/cache'));
    await installDependencies(root);
    expect(() => read('called')).toThrow('ENOENT');
  });

  test('are installed again when they are for another platform', async () => {
    install('5.0.0');
    await installDependencies(root);
    expect(read('called')).toBe('ci');
  });

  test('a full disk is explained in one sentence', async () => {
    write(
      'npm-cli.js',
      `console.error('npm error ENOSPC: no space left on device'); process.exit(1)`,
    );
    await expect(installDependencies(root)).rejects.toThrow(
      /^The disk is full: free about 1 GB .*\.$/,
    );
  });
});

describe('system packages', () => {
  beforeEach(() => {
    // A machine with nothing but a shell and package managers that note how they were called.
    for (const name of ['apt-get', 'brew', 'systemctl', 'service']) {
      write(`bin/${name}`, `#!/bin/sh\necho "$(basename "$0") $*" >> "${root}/called"\n`, 0o755);
    }
    write('bin/sudo', '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n', 0o755);
    for (const name of ['sh', 'env', 'basename', 'true']) {
      symlinkSync(`${name === 'sh' ? '/bin' : '/usr/bin'}/${name}`, join(root, 'bin', name));
    }
    vi.stubEnv('PATH', join(root, 'bin'));
  });

  test('a missing Redis is installed without asking where there is no terminal, the command being shown', async () => {
    await installSystemPackages(root);
    expect(read('called')).toMatch(/^brew install redis$|^apt-get install .*\bredis-server\b/m);
    expect(vi.mocked(console.log).mock.calls.join()).toMatch(/install .*redis/);
  });

  test('what a Redis that is there needs is not installed', async () => {
    write('bin/valkey-server', '', 0o755);
    await installSystemPackages(root);
    expect(() => read('called')).toThrow('ENOENT');
  });

  test('a failing installation says what to run', async () => {
    for (const name of ['apt-get', 'brew']) {
      write(`bin/${name}`, '#!/bin/sh\necho "E: Unable to locate package" >&2\nexit 100\n', 0o755);
    }
    await expect(installSystemPackages(root)).rejects.toThrow(
      /run this yourself.*install .*redis.*Unable to locate package/s,
    );
  });

  test('without a package manager that may be used, the message says what is missing', async () => {
    for (const name of ['apt-get', 'brew']) rmSync(join(root, 'bin', name));
    await expect(installSystemPackages(root)).rejects.toThrow(/Redis .* missing here: install/);
  });
});
