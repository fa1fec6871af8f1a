import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docker } from '../../e2e/src/docker.ts';
import { freePorts } from '../../e2e/src/free-ports.ts';
import { usualHosts } from '../src/kinds.ts';

const name = 'shortstack-hosts-test';
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/**
 * Vitest's global setup of `npm run test:hosts`: all hosts, once for the whole run, as `npm run hosts -- up` brings them up. The
 * environment says where they are.
 */
export default async function siteSetup(): Promise<() => Promise<void>> {
  const [appPort, shortPort] = await freePorts(2);
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-hosts-'));
  Object.assign(process.env, {
    HOSTS_NAME: name,
    HOSTS_DIRECTORY: directory,
    APP_PORT: `${appPort}`,
    SHORT_PORT: `${shortPort}`,
    RATE_LIMITS: 'off',
    METADATA_FETCH: 'off',
    // Any that are free.
    PROMETHEUS_PORT: '0',
    ALERTMANAGER_PORT: '0',
  });
  const remove = async () => {
    await operate('down', '--volumes');
    await rm(directory, { recursive: true });
  };
  await removeLeftovers();
  try {
    await operate('up');
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

async function operate(...args: string[]): Promise<void> {
  const command = spawn(process.execPath, ['--conditions=source', main, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(command, 'close');
  if (code !== 0) throw new Error(`hosts ${args.join(' ')} failed`);
}

/** Of a run that was killed. */
async function removeLeftovers(): Promise<void> {
  await Promise.all(
    usualHosts.map((host) =>
      docker(['compose', '--project-name', `${name}-${host}`, 'down', '--volumes']),
    ),
  );
  await docker(['network', 'rm', `${name}-net`]).catch(() => '');
}
