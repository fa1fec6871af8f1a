import { DockerUnavailable, findDocker } from './docker/find-docker.ts';
import { createNativeServers } from './native-servers.ts';
import type { Servers, ServersBackend } from './servers.ts';

/** Longer than when it is only looked for: a busy Docker that was asked for is better than none. */
const ASKED_FOR_TIMEOUT_MS = 15_000;

/**
 * Opens the backend that is asked for, or else Docker if it answers within 2 s and has the images or can
 * get them, or else the native one. Rejects, with a sentence that says what to do, if Docker is asked for
 * and can't be had. Testcontainers is not loaded unless Docker has answered.
 */
export async function openServers({
  backend,
}: {
  backend?: ServersBackend | undefined;
} = {}): Promise<Servers> {
  if (backend === 'native') return createNativeServers('native');
  try {
    return await openDocker(backend === 'docker' ? ASKED_FOR_TIMEOUT_MS : undefined);
  } catch (error) {
    if (!(error instanceof DockerUnavailable)) throw error;
    if (backend !== 'docker') return createNativeServers(`native: ${error.message}`);
    throw new Error(
      `Servers in containers were asked for (SERVERS=docker), but ${error.message}: put that right, or leave SERVERS out to run the servers natively.`,
      { cause: error },
    );
  }
}

async function openDocker(timeoutMs: number | undefined): Promise<Servers> {
  const { version } = await findDocker(timeoutMs === undefined ? {} : { timeoutMs });
  const { openDockerServers } = await import('./docker/docker-servers.ts');
  return openDockerServers(`Redis 8 and PostgreSQL 17 in containers (Docker ${version})`);
}
