import { stat } from 'node:fs/promises';
import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { type EphemeralServer, openServers, type ServersBackend } from '../src/index.ts';
import { query, redisClient } from './connect.ts';
import { serversContract } from './servers-contract.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    servers: { backend: ServersBackend; description: string };
  }
}

const { backend, description } = inject('servers');
const suites = {
  native: nativeServers,
  ...(backend === 'docker' && { docker: serversInContainers }),
};
if (backend !== 'docker') {
  console.log(`The contract was not run on servers in containers: this run is ${description}.`);
}
for (const [name, suite] of Object.entries(suites)) {
  describe(`servers: ${name}`, () => {
    suite();
  });
}

function nativeServers(): void {
  serversContract({
    open: () => openServers({ backend: 'native' }),
    traces: async (server) => [await dataDirectory(server)],
    remaining: (directories) => only(directories, exists),
  });
}

function serversInContainers(): void {
  let docker: ContainerRuntimeClient['container']['dockerode'];
  beforeAll(async () => {
    docker = (await getContainerRuntimeClient()).container.dockerode;
  });

  serversContract({
    open: () => openServers({ backend: 'docker' }),
    async traces({ port }) {
      const { Id, Mounts } = await containerOn(port);
      return [Id, ...Mounts.map(({ Name }) => String(Name))];
    },
    async remaining(names) {
      const containers = await docker.listContainers({ all: true });
      const { Volumes } = await docker.listVolumes();
      const all = new Set([...containers.map(({ Id }) => Id), ...Volumes.map(({ Name }) => Name)]);
      return names.filter((name) => all.has(name));
    },
  });

  test('they are published on 127.0.0.1 alone, show no password, and are left to the reaper when this process is killed', async () => {
    const servers = await openServers({ backend: 'docker' });
    onTestFinished(() => servers.close());
    for (const { port } of await Promise.all([
      servers.startRedis({ password: 'secret-word' }),
      servers.startPostgres({ password: 'secret-word' }),
    ])) {
      const shown = await docker.getContainer((await containerOn(port)).Id).inspect();
      const published = Object.values(shown.NetworkSettings.Ports).flat();
      expect(published).toEqual([{ HostIp: '127.0.0.1', HostPort: String(port) }]);
      expect(JSON.stringify(shown)).not.toContain('secret-word');
      const session = shown.Config.Labels['org.testcontainers.session-id'];
      const reapers = await docker.listContainers({
        filters: { label: [`org.testcontainers.session-id=${session}`, 'org.testcontainers.ryuk'] },
      });
      expect(reapers.length).toBe(1);
    }
  });

  async function containerOn(port: number) {
    const all = await docker.listContainers();
    const container = all.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
    if (!container) throw new Error(`No container is published on ${port}.`);
    return container;
  }
}

async function dataDirectory({ url }: EphemeralServer): Promise<string> {
  if (url.startsWith('redis:')) {
    return ((await redisClient(url).config('GET', 'dir')) as string[])[1] ?? '';
  }
  const [row] = await query(url, 'SHOW data_directory');
  return (row as { data_directory: string }).data_directory;
}

async function only(items: string[], holds: (item: string) => Promise<boolean>): Promise<string[]> {
  const held = await Promise.all(items.map(holds));
  return items.filter((_, index) => held[index]);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
