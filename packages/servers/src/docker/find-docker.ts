import { existsSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

/** There is no Docker that could run the servers; the message is the end of a sentence that says why. */
export class DockerUnavailable extends Error {}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Asks the Docker daemon of this machine for its version: the one that `DOCKER_HOST` names, or else the one
 * behind a usual socket. Rejects with `DockerUnavailable` when there is none, when it is on another machine
 * (whose ports are not ours), or when it has not answered after `timeoutMs`.
 */
export async function findDocker({
  host = process.env.DOCKER_HOST,
  timeoutMs = 2_000,
} = {}): Promise<{ version: string }> {
  const address = host || usualSocket();
  if (!address) throw new DockerUnavailable('there is no Docker here');
  try {
    return { version: await askVersion(connection(address), timeoutMs) };
  } catch (cause) {
    if (cause instanceof DockerUnavailable) throw cause;
    throw new DockerUnavailable(`Docker does not answer at ${address}`, { cause });
  }
}

function usualSocket(): string | undefined {
  const { XDG_RUNTIME_DIR } = process.env;
  const sockets = [
    '/var/run/docker.sock',
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    `/run/user/${userInfo().uid}/docker.sock`,
  ];
  const socket = sockets.find(existsSync);
  return socket && `unix://${socket}`;
}

function connection(address: string): RequestOptions {
  const { protocol, hostname, port, pathname } = new URL(address);
  if (protocol === 'unix:') return { socketPath: pathname };
  if (!LOOPBACK.includes(hostname)) {
    throw new DockerUnavailable(`Docker is on another machine (${address})`);
  }
  return { host: hostname.replace(/[[\]]/g, ''), port };
}

async function askVersion(address: RequestOptions, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    request({ ...address, path: '/version', signal }, (response) => {
      json(response)
        .then((answer) => {
          const { Version } = answer as { Version?: unknown };
          if (typeof Version !== 'string') throw new Error('This is not Docker.');
          resolve(Version);
        })
        .catch(reject);
    })
      .on('error', reject)
      .end();
  });
}
