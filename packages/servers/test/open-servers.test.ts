import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findDocker } from '../src/docker/find-docker.ts';
import { openServers } from '../src/index.ts';

const NOWHERE = 'tcp://127.0.0.1:9';

function pointTo(dockerHost: string): void {
  vi.stubEnv('DOCKER_HOST', dockerHost);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Something that listens where Docker was expected. */
async function listener(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('without Docker servers are native, say why, and Testcontainers is not loaded', async () => {
  const program = fileURLToPath(new URL('loaded-by-native-servers.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', program], {
    env: { ...process.env, DOCKER_HOST: NOWHERE, SERVERS: '' },
  });
  expect(JSON.parse(stdout)).toEqual({
    backend: 'native',
    description: `native: Docker does not answer at ${NOWHERE}`,
    containers: [],
  });
});

test('Docker that was asked for and does not answer is an error that says what to do', async () => {
  pointTo(NOWHERE);
  await expect(openServers({ backend: 'docker' })).rejects.toThrow(
    `but Docker does not answer at ${NOWHERE}: put that right, or leave SERVERS out`,
  );
});

test('a Docker that hangs is not waited for', async () => {
  const host = await listener(() => {});
  await expect(findDocker({ host, timeoutMs: 50 })).rejects.toThrow('Docker does not answer at');
});

test('Docker on another machine is not used, nor is something else taken for Docker', async () => {
  await expect(findDocker({ host: 'tcp://docker.test:2375' })).rejects.toThrow(
    'Docker is on another machine (tcp://docker.test:2375)',
  );
  const host = await listener((_, response) => void response.end('{"name":"another service"}'));
  await expect(findDocker({ host })).rejects.toThrow('Docker does not answer at');
});
