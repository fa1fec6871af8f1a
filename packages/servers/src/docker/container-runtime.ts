import { once } from 'node:events';
import { connect } from 'node:net';
import type { ContainerRuntimeClient } from 'testcontainers';
import { DockerUnavailable } from './find-docker.ts';

/** What Testcontainers needs to know once per process. */
export interface ContainerRuntime {
  readonly client: ContainerRuntimeClient;
  /** Whatever bears these is removed when this process has ended, also if it was killed. */
  readonly labels: Readonly<Record<string, string>>;
}

const PULL_TIMEOUT_MS = 300_000;

/**
 * Connects to Docker and to Testcontainers' reaper, and pulls the images that are not there yet. Rejects
 * with `DockerUnavailable` when an image can't be had. Loads Testcontainers (0.4 s), which nothing else does.
 */
export async function openContainerRuntime(images: readonly string[]): Promise<ContainerRuntime> {
  const { getContainerRuntimeClient, getReaper, ImageName, LABEL_TESTCONTAINERS_SESSION_ID } =
    await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const pull = async (image: string): Promise<void> => {
    const name = ImageName.fromString(image);
    if (await client.image.exists(name)) return;
    console.warn(`Docker pulls ${image}, once.`);
    let failure: unknown;
    await withinTime(client.image.pull(name)).catch((error: unknown) => {
      failure = error;
    });
    // A registry's refusal may come after the pull was accepted: only the image itself will do.
    if (!(await client.image.exists(name))) {
      throw new DockerUnavailable(`Docker has no image ${image} and can't pull it`, {
        cause: failure,
      });
    }
  };
  await Promise.all(images.map(pull));
  const reaper = await getReaper(client).catch((cause: unknown) => {
    throw new DockerUnavailable('the reaper of Testcontainers does not start in Docker', { cause });
  });
  await assertPortsAreOurs(client, reaper.containerId);
  return {
    client,
    labels: {
      'org.testcontainers': 'true',
      [LABEL_TESTCONTAINERS_SESSION_ID]: reaper.sessionId,
    },
  };
}

/** Within a container that was handed the socket of its host's Docker, that host's 127.0.0.1 is out of reach. */
async function assertPortsAreOurs(client: ContainerRuntimeClient, reaperId: string): Promise<void> {
  const containers = await client.container.list();
  const reaper = containers.find(({ Id }) => Id === reaperId);
  const port = reaper?.Ports.find(({ PublicPort }) => PublicPort)?.PublicPort;
  if (!port) return; // TESTCONTAINERS_RYUK_DISABLED
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new DockerUnavailable('the ports that Docker publishes are not on this machine', {
      cause,
    });
  } finally {
    socket.destroy();
  }
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The pull takes too long.')), PULL_TIMEOUT_MS);
  });
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
