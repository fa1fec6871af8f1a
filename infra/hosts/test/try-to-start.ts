import { randomUUID } from 'node:crypto';
import { docker } from '../../e2e/src/docker.ts';
import { project } from '../src/compose.ts';
import type { Site } from '../src/site.ts';

/** Runs a process of a host once more with other settings; resolves with what it said if it did not start. */
export async function tryToStart(
  site: Site,
  host: string,
  service: string,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const pairs = Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const once = `${site.name}-trial-${randomUUID()}`;
  const options = ['--rm', '--no-TTY', '--no-deps', '--name', once, ...pairs];
  try {
    await docker([...project(site, host), 'run', ...options, service], { timeoutMs: 60_000 });
    return 'it ended in good order';
  } catch (error) {
    await docker(['rm', '--force', once]);
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}
