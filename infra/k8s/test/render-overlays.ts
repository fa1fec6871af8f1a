import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifest.ts';

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const image = 'shortstack/kubectl:test';

export interface Rendered {
  /** Where it was made: a copy of `infra` with secrets of its own. */
  directory: string;
  overlays: Record<string, Manifest[]>;
}

/**
 * Builds overlays with Debian's `kubectl kustomize` in a container, from a copy of the files with fresh secrets. `secretOptions`: as
 * `npm run k8s:secrets` takes them. `remove` deletes the copy.
 */
export async function renderOverlays(
  names: readonly string[],
  secretOptions: readonly string[] = [],
): Promise<Rendered & { remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-k8s-'));
  for (const part of ['k8s', 'redis', 'nginx']) {
    await cp(here(`../../${part}`), join(directory, part), {
      recursive: true,
      filter: (path) => !/\/(node_modules|test|src|schemas|secrets\/[\w-]+)$/.test(path),
    });
  }
  await run(process.execPath, [
    here('../src/make-secrets.ts'),
    ...['--vault', join(directory, 'vault/secrets.json')],
    ...['--directory', join(directory, 'k8s/secrets'), ...secretOptions],
  ]);
  await run('docker', ['build', '--tag', image, '--file', here('kubectl.Dockerfile'), here('.')]);

  const overlays: Rendered['overlays'] = {};
  for (const name of names) {
    const { stdout } = await run(
      'docker',
      [
        ...['run', '--rm', '--network', 'none', '--volume', `${directory}:/infra:ro`, image],
        ...['kubectl', 'kustomize', `/infra/k8s/overlays/${name}`],
      ],
      { maxBuffer: 16 * 1024 * 1024 },
    );
    overlays[name] = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  }
  return { directory, overlays, remove: () => rm(directory, { recursive: true }) };
}
