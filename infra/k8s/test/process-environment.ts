import { join } from 'node:path';
import type { Container, Manifest, Workload } from './manifest.ts';

/** What stands for the fields of a pod that only a cluster knows. */
const fields: Record<string, string> = {
  'metadata.name': 'redirect-7',
  'status.podIP': '10.1.2.3',
};

/** The environment that a container would be started with. `…_FILE` leads to the files in `secrets` of which its Secret was made. */
export function processEnvironment(
  manifests: readonly Manifest[],
  { pod }: Workload,
  container: Container,
  secrets: string,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? []) {
    const map = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef.name,
    );
    Object.assign(environment, map?.data);
  }
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    environment[name] = valueFrom
      ? (fields[valueFrom.fieldRef.fieldPath] ?? '')
      : value.replace(/\$\((\w+)\)/g, (_, key: string) => environment[key] ?? '');
  }
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === '/run/secrets');
  const volume = pod.volumes?.find(({ name }) => name === mount?.name);
  // kustomize appends a hash of the content.
  const secret = volume?.secret?.secretName.replace(/-\w{10}$/, '') ?? '';
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) =>
      name.endsWith('_FILE')
        ? [name, value.replace('/run/secrets', join(secrets, secret))]
        : [name, value],
    ),
  );
}
