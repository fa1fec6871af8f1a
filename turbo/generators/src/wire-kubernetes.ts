import { type Add, passwordOf, type ServiceToWire } from './service-to-wire.ts';

/** Its place in infra/k8s, beside the folder of its own. */
export function wireKubernetes(add: Add, service: ServiceToWire): void {
  const { name, http, tables, port } = service;
  const image = `shortstack/${name}`;
  if (tables) {
    const { setting, file } = passwordOf(service);
    add(
      'infra/k8s/base/migrate.yaml',
      'passwords',
      `- { name: ${setting}, value: /run/secrets/${file} }`,
    );
    add('infra/k8s/secrets/kustomization.yaml', 'passwords', `- migrate/${file}`);
  }
  add('infra/k8s/base/kustomization.yaml', 'services', `- ${name}`);
  add('infra/k8s/secrets/kustomization.yaml', 'services', secretsOf(service));
  add('infra/k8s/overlays/local/kustomization.yaml', 'images', `- { name: ${image}, newTag: dev }`);
  for (const overlay of ['managed', 'production']) {
    add(
      `infra/k8s/overlays/${overlay}/kustomization.yaml`,
      'images',
      `- { name: ${image}, newName: registry.example.com/${image}, newTag: 0.1.0 }`,
    );
  }
  if (http) {
    add(
      'infra/k8s/base/edge/network.yaml',
      'services',
      `- to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } } }]\n  ports: [{ port: ${port} }]`,
    );
  }
}

function secretsOf({ name, http, queue, tables, session }: ServiceToWire): string {
  const secret = (container: string, files: (string | false)[]) =>
    [
      `- name: ${container}`,
      '  files:',
      ...files.flatMap((file) => (file ? [`    - ${container}/${file}`] : [])),
    ].join('\n');
  return [
    ...(http
      ? [
          secret(name, [
            session && 'redis-session-url',
            'redis-hub-url',
            queue && 'redis-jobs-url',
            session && 'session-encryption-keys',
            tables && 'database-url',
          ]),
        ]
      : []),
    ...(queue
      ? [
          secret(`${name}-jobs`, ['redis-hub-url', 'redis-jobs-url', tables && 'database-url']),
          secret(`redis-jobs-${name}`, ['users.acl', 'health-password']),
        ]
      : []),
  ].join('\n');
}
