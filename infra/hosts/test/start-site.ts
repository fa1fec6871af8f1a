import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeProject } from '../../e2e/src/compose-project.ts';
import { composeSql } from '../../e2e/src/compose-sql.ts';
import { docker } from '../../e2e/src/docker.ts';
import { freePorts } from '../../e2e/src/free-ports.ts';
import { createHttpClient, type HttpClient } from '../../e2e/src/http-client.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { usualHosts } from '../src/kinds.ts';
import type { Site } from '../src/site.ts';
import { build, down, up } from '../src/up.ts';
import { openVault } from '../src/vault.ts';

const name = 'shortstack-hosts-test';

export interface RunningSite extends Stack {
  readonly site: Site;
  /** Trusts the site's authority and nobody else. */
  readonly http: HttpClient;
  /** The name of a container for `docker`. */
  container: (host: string, service: string) => string;
  stop: () => Promise<void>;
}

/** Builds the images and brings up all hosts, with rate limits off. */
export async function startSite(): Promise<RunningSite> {
  const [appPort = 0, shortPort = 0] = await freePorts(2);
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-hosts-'));
  const settings = {
    RATE_LIMITS: 'off',
    METADATA_FETCH: 'off',
    // Any port that is free.
    PROMETHEUS_PORT: '0',
    ALERTMANAGER_PORT: '0',
  };
  const site = { name, directory, domain: 'shortstack.internal', appPort, shortPort, settings };
  await removeLeftovers();
  await build();
  const remove = async () => {
    await down(site, usualHosts, true);
    await rm(directory, { recursive: true });
  };
  try {
    await up(site, usualHosts);
  } catch (error) {
    await remove();
    throw error;
  }
  const { authority } = await openVault(site);
  const http = createHttpClient({ ca: authority.cert });
  const data = composeProject(`${name}-data`, {});
  return {
    site,
    http,
    appOrigin: `https://localhost:${appPort}`,
    shortOrigin: `https://localhost:${shortPort}`,
    opsOrigin: `https://localhost:${appPort}`,
    sql: (text, values) => composeSql(data, text, values),
    container: (host, service) => `${name}-${host}-${service}-1`,
    async stop() {
      http.close();
      await remove();
    },
  };
}

/** Of a run that was killed. */
async function removeLeftovers(): Promise<void> {
  for (const host of [...usualHosts].reverse()) {
    await docker(['compose', '--project-name', `${name}-${host}`, 'down', '--volumes']);
  }
  await docker(['network', 'rm', `${name}-net`]).catch(() => '');
}

/** Runs a process of a host once more with other settings; resolves with what it said if it did not start. */
export async function tryToStart(
  { site }: RunningSite,
  project: readonly string[],
  service: string,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const pairs = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const once = `${site.name}-trial`;
  const options = ['--rm', '--no-TTY', '--no-deps', '--name', once, ...pairs];
  try {
    await docker([...project, 'run', ...options, service], { timeoutMs: 20_000 });
    return 'it ended in good order';
  } catch (error) {
    await docker(['rm', '--force', once]);
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}
