import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RedisName } from '../../redis/src/redis-users.ts';
import type { ProcessName } from '../../services/src/services.ts';
import { docker } from './docker.ts';

export type ComposeService = ProcessName | 'nginx' | 'postgres' | `redis-${RedisName}`;

/** A project of `docker-compose.yml` under its own name, beside which a developer's stack can run. */
export interface ComposeProject {
  readonly name: string;
  /** Builds every image; minutes the first time, seconds once the layers are there. */
  build(): Promise<void>;
  /** Starts it, or scales it while it runs, and resolves when everything is healthy. */
  up(scale?: Readonly<Record<string, number>>): Promise<void>;
  /** Starts services of a profile besides, and resolves when they are healthy. */
  add(...services: readonly string[]): Promise<void>;
  /** Stops it and removes containers, networks and volumes. */
  down(): Promise<void>;
  /** The ids of the running containers of a service. */
  containers(service: ComposeService): Promise<string[]>;
  /** Runs a command in a container and returns what it printed. */
  exec(container: string, ...command: string[]): Promise<string>;
  /** Waits until a container's health check passes. */
  healthy(container: string): Promise<void>;
  /** Everything that Docker still has of it. */
  leftovers(): Promise<string[]>;
  /** The last lines of all logs. */
  logs(): Promise<string>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const BUILD_MS = 900_000;
/** Asking Docker costs some CPU. */
const POLL_MS = 200;

export function composeProject(
  name: string,
  env: Readonly<Record<string, string>>,
): ComposeProject {
  const compose = (args: string[], timeoutMs = 180_000) =>
    docker(['compose', '--project-name', name, ...args], { env, directory: root, timeoutMs });
  const label = `label=com.docker.compose.project=${name}`;
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');

  return {
    name,
    async build() {
      await compose(['build', '--quiet'], BUILD_MS);
    },
    async up(scale = {}) {
      const scales = Object.entries(scale).flatMap(([service, count]) => [
        '--scale',
        `${service}=${count}`,
      ]);
      await compose(['up', '--detach', '--wait', '--no-recreate', ...scales]);
    },
    async add(...services) {
      await compose(['up', '--detach', '--wait', '--no-recreate', ...services]);
    },
    async down() {
      // Without its name Compose would leave what `add` has started.
      await compose(['--profile', 'observability', 'down', '--volumes', '--remove-orphans']);
    },
    containers: async (service) => lines(await compose(['ps', '--quiet', service])),
    exec: (container, ...command) => docker(['exec', container, ...command]),
    async healthy(container) {
      const format = '{{.State.Health.Status}}';
      const deadline = performance.now() + 60_000;
      while ((await docker(['inspect', '--format', format, container])) !== 'healthy') {
        if (performance.now() > deadline) throw new Error(`${container} is not healthy after 60 s`);
        await pause(POLL_MS);
      }
    },
    async leftovers() {
      const found = await Promise.all([
        docker(['ps', '--all', '--quiet', '--filter', label]),
        docker(['volume', 'ls', '--quiet', '--filter', label]),
        docker(['network', 'ls', '--quiet', '--filter', label]),
      ]);
      return found.flatMap(lines);
    },
    logs: () => compose(['logs', '--tail=15', '--no-color']),
  };
}
