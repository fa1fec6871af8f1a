import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type Container, type PodSpec, workloadsOf } from './manifest.ts';
import { renderOverlays } from './render-overlays.ts';

const run = promisify(execFile);
const rendered = await renderOverlays(['local']);
afterAll(() => rendered.remove());

async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { timeout: 20_000 })).stdout;
}

/** Starts a container of a pod as the kubelet would: its user and groups, its arguments, its mounts, and nothing else. */
async function start(pod: PodSpec, container: Container): Promise<string> {
  const name = `shortstack-k8s-${container.name}-${randomBytes(4).toString('hex')}`;
  const volumes: string[] = [];
  onTestFinished(async () => {
    await docker('rm', '--force', name);
    await docker('volume', 'rm', '--force', ...volumes);
  });
  const { runAsUser, runAsGroup, fsGroup } = {
    ...pod.securityContext,
    ...container.securityContext,
  } as Record<string, number>;
  const mounts = (container.volumeMounts ?? []).map(({ name: volume, mountPath }) => {
    const { secret, configMap } = pod.volumes?.find((each) => each.name === volume) ?? {};
    if (configMap) return `${join(rendered.directory, 'redis')}:${mountPath}:ro`;
    if (secret) return `${secretFiles(secret.secretName)}:${mountPath}:ro`;
    volumes.push(`${name}-${volume}`);
    return `${name}-${volume}:${mountPath}:nocopy`;
  });
  // A volume is root's, and the group's that the pod names.
  await docker(
    ...['run', '--rm', '--network', 'none', '--user', '0', '--entrypoint', 'sh'],
    ...volumes.flatMap((volume) => ['--volume', `${volume}:/volumes/${volume}`]),
    ...[container.image, '-c', `chgrp ${fsGroup} /volumes/* && chmod 2770 /volumes/*`],
  );
  await docker(
    ...['run', '--detach', '--name', name, '--network', 'none', '--read-only'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--user', `${runAsUser}:${runAsGroup}`, '--group-add', `${fsGroup}`],
    ...(container.env ?? []).flatMap(({ name: key, value }) => ['--env', `${key}=${value}`]),
    ...mounts.flatMap((mount) => ['--volume', mount]),
    ...[container.image, ...(container.args ?? [])],
  );
  return name;
}

/** The files of which a Secret was made, readable as its mount is. */
function secretFiles(secretName: string): string {
  // kustomize appends a hash of the content.
  const directory = join(rendered.directory, 'k8s/secrets', secretName.replace(/-\w{10}$/, ''));
  chmodSync(directory, 0o755);
  for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o444);
  return directory;
}

const servers = workloadsOf(rendered.overlays.local ?? []).flatMap(({ name, pod, containers }) =>
  containers
    .filter(({ image }) => /^(redis|postgres):/.test(image))
    .map((container) => ({ name, pod, container })),
);

test.each(servers)(
  'the $container.name of $name starts as in its pod, and its probes succeed',
  async ({ pod, container }) => {
    const name = await start(pod, container);
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
    const commands = probes.flatMap((probe) => (probe?.exec ? [probe.exec.command] : []));
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      await until(() => docker('exec', name, ...command).then(() => true), {
        deadlineMs: 30_000,
        message: `${command.join(' ')} fails`,
      });
    }
  },
);
