import type { ComposeProject } from './compose-project.ts';
import { docker } from './docker.ts';

/** Restarts a container as an operator would: SIGTERM, at most 30 s to end, start, healthy again. Resolves to its exit code and seconds. */
export async function restartContainer(
  project: ComposeProject,
  container: string,
): Promise<{ exitCode: number; stopSeconds: number; totalSeconds: number }> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  await docker(['stop', '--time', '30', container]);
  const stopSeconds = seconds();
  const exitCode = Number(await docker(['inspect', '--format', '{{.State.ExitCode}}', container]));
  await docker(['start', container]);
  await project.healthy(container);
  return { exitCode, stopSeconds, totalSeconds: seconds() };
}

/** Kills a container's process (SIGKILL) and resolves to the moment at which it was gone, in ms since the epoch. */
export async function killContainer(container: string): Promise<number> {
  await docker(['kill', container]);
  return Date.parse(await docker(['inspect', '--format', '{{.State.FinishedAt}}', container]));
}
