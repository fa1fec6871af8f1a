import { join } from 'node:path';
import {
  advertisedUrl,
  type ConfigOf,
  type defineConfig,
  loadConfig,
  type processSettings,
} from '@shortstack/config';
import { afterAll, describe, expect, test } from 'vitest';
import { serviceConfigs } from '../../e2e/src/service-configs.ts';
import { migrateConfig } from '../../postgres/src/migrate-config.ts';
import { jobsRedis, type ProcessOfService, processes } from '../../services/src/services.ts';
import { apiFaults } from './api-faults.ts';
import { type Container, type Selector, selects, workloadsOf } from './manifest.ts';
import { processEnvironment } from './process-environment.ts';
import { policiesOf, reachable } from './reachable.ts';
import { renderOverlays } from './render-overlays.ts';

const inCluster = await renderOverlays(['local', 'production']);
const managed = await renderOverlays(
  ['managed'],
  [
    ...['--session', 'rediss://session.example.com:6379', '--hub', 'rediss://hub.example.com:6379'],
    ...['--cache', 'rediss://cache.example.com:6379'],
    ...['--postgres', 'postgres://db.example.com:5432/shortstack?sslmode=verify-full'],
  ],
);
afterAll(() => Promise.all([inCluster.remove(), managed.remove()]));

const overlays = [inCluster, managed].flatMap(({ directory, overlays }) =>
  Object.entries(overlays).map(([name, manifests]) => ({
    name,
    manifests,
    workloads: workloadsOf(manifests),
    policies: policiesOf(manifests),
    secrets: join(directory, 'k8s/secrets'),
  })),
);

const known = new Set(
  [...Object.values(serviceConfigs), migrateConfig].flatMap(({ properties }) =>
    Object.keys(properties),
  ),
);

describe.each(overlays)('$name', ({ name, manifests, workloads, policies, secrets }) => {
  const containers = workloads.flatMap((workload) =>
    workload.containers.map((container) => ({ workload, container })),
  );
  const podOf = ({ name }: ProcessOfService) =>
    containers.find(({ container }) => container.name === name)?.workload.name ?? name;
  const find = (kind: string, wanted: string) =>
    manifests.find((each) => each.kind === kind && each.metadata.name === wanted);

  test('is what the API takes, each object once', () => {
    expect(manifests.flatMap(apiFaults)).toEqual([]);
    const ids = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { kind, metadata } of manifests) {
      const namespace = kind === 'Namespace' ? metadata.name : metadata.namespace;
      expect(namespace, metadata.name).toBe('shortstack');
    }
  });

  test.each(processes)('$name starts with its settings', ({ name: process }) => {
    const found = containers.find(({ container }) => container.name === process);
    if (!found) throw new Error(`${process} has no container`);
    const { workload, container } = found;
    const environment = processEnvironment(manifests, workload, container, secrets);
    const config = loadConfig(serviceConfigs[process], environment) as ProcessConfig;

    const port = container.ports?.find(({ name }) => ['internal', 'jobs'].includes(name));
    expect(config.INTERNAL_PORT).toBe(port?.containerPort);
    expect(advertisedUrl(config)).toBe(`http://10.1.2.3:${config.INTERNAL_PORT}`);
    const sharesItsPod = workload.name !== process && process.endsWith('-jobs');
    expect(config.INSTANCE_ID).toBe(sharesItsPod ? 'redirect-7-jobs' : 'redirect-7');
    const listener = container.ports?.find((each) => each.name === 'http');
    expect(config.PORT).toBe(listener?.containerPort);
    const isSecure = name === 'managed';
    expect(config.REDIS_HUB_URL).toMatch(isSecure ? /^rediss:.*@hub\.example/ : /@redis-hub:/);
    // The local Redis is local, wherever the others are.
    const ownRedis = config.REDIS_JOBS_URL && new URL(config.REDIS_JOBS_URL).host;
    const [alias] = workload.pod.hostAliases ?? [];
    expect(ownRedis).toBe(alias && `${alias.hostnames[0]}:6379`);
    expect(alias?.ip ?? '127.0.0.1').toBe('127.0.0.1');
    const names = Object.keys(environment).map((each) => each.replace(/_FILE$/, ''));
    const unknown = names.filter((each) => !known.has(each));
    expect(unknown.filter((each) => !['POD_NAME', 'POD_IP'].includes(each))).toEqual([]);
  });

  test('migrate starts with its settings', () => {
    const found = containers.find(({ container }) => container.name === 'migrate');
    if (!found) throw new Error('there is no migration');
    const environment = processEnvironment(manifests, found.workload, found.container, secrets);
    const { DATABASE_OWNER_URL } = loadConfig(migrateConfig, environment);
    expect(DATABASE_OWNER_URL).toMatch(name === 'managed' ? /sslmode=verify-full$/ : /@postgres:/);
  });

  test('what a pod mounts is there, and no Secret is mounted by two containers', () => {
    const mounted: string[] = [];
    for (const { pod, containers } of workloads) {
      for (const { secret, configMap, name: volume } of pod.volumes ?? []) {
        const isThere = !configMap || find('ConfigMap', configMap.name) !== undefined;
        expect(isThere, volume).toBe(true);
        // Comes from outside, as a certificate does.
        if (!secret || secret.secretName === 'edge-tls') continue;
        expect(find('Secret', secret.secretName), volume).toBeDefined();
        const users = containers.filter((container) =>
          container.volumeMounts?.some((mount) => mount.name === volume),
        );
        expect(users, volume).toHaveLength(1);
        mounted.push(secret.secretName);
      }
    }
    const made = manifests.filter(({ kind }) => kind === 'Secret');
    expect(mounted.toSorted()).toEqual(made.map(({ metadata }) => metadata.name).toSorted());
  });

  test('each Service leads to the pods of one workload, at ports that they have', () => {
    const services = manifests.filter(({ kind }) => kind === 'Service');
    expect(services.length).toBeGreaterThan(0);
    for (const { metadata, spec } of services) {
      const { selector, ports } = spec as {
        selector: Record<string, string>;
        ports: { port: number; targetPort?: string }[];
      };
      const [pods, ...others] = workloads.filter(({ labels }) =>
        selects({ matchLabels: selector }, labels),
      );
      expect(others, metadata.name).toEqual([]);
      const open = pods?.containers.flatMap((container) => container.ports ?? []) ?? [];
      for (const { port, targetPort } of ports) {
        const named = open.filter((each) =>
          targetPort === undefined ? each.containerPort === port : each.name === targetPort,
        );
        expect(named, metadata.name).toHaveLength(1);
      }
    }
  });

  test('each policy and each budget is about pods that there are', () => {
    const selectors: Selector[] = policies.flatMap(({ podSelector, ingress = [], egress = [] }) => [
      podSelector,
      ...[...ingress, ...egress]
        .flatMap(({ from = [], to = [] }) => [...from, ...to])
        .filter(({ namespaceSelector }) => !namespaceSelector)
        .flatMap(({ podSelector: peer }) => (peer ? [peer] : [])),
    ]);
    for (const { kind, spec } of manifests) {
      if (kind === 'PodDisruptionBudget') selectors.push((spec as { selector: Selector }).selector);
    }
    for (const selector of selectors) {
      const found = workloads.filter(({ labels }) => selects(selector, labels));
      const named = (selector.matchExpressions ?? []).flatMap(({ values }) => values);
      expect(found.length, JSON.stringify(selector)).toBeGreaterThanOrEqual(named.length || 1);
    }
  });

  test('nobody reaches a pod who need not', () => {
    expect(policies).toContainEqual({
      name: 'nothing',
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const { betweenServices, sharedServers } = wantedPaths(podOf);
    const shared = name === 'managed' ? [] : sharedServers;
    expect(reachable(workloads, policies)).toEqual([...betweenServices, ...shared].toSorted());
  });

  test('a local Redis listens on its pod’s loopback alone', () => {
    const local = workloads.flatMap(({ pod }) => pod.initContainers ?? []).filter(isRedis);
    expect(local).toHaveLength(Object.keys(jobsRedis).length);
    for (const { args = [], ports } of local) {
      expect(args.join(' ')).toContain('--bind 127.0.0.1 ');
      expect(ports).toBeUndefined();
    }
  });

  test('no container is root, may become it, or writes outside its volumes', () => {
    for (const { workload, container } of containers) {
      expect(container.securityContext, container.name).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(workload.pod.automountServiceAccountToken, workload.name).toBe(false);
      expect(workload.pod.securityContext, workload.name).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  test('each container says what it needs and is restarted when it hangs', () => {
    for (const { workload, container } of containers) {
      expect(container.resources?.requests, container.name).toHaveProperty('cpu');
      expect(container.resources?.requests, container.name).toHaveProperty('memory');
      expect(container.resources?.limits, container.name).toHaveProperty('memory');
      if (workload.kind === 'Job') continue;
      expect(container, container.name).toHaveProperty('livenessProbe');
      expect(container, container.name).toHaveProperty('readinessProbe');
      // A sidecar that can't start must not keep the process from starting.
      const isSidecar = container.restartPolicy === 'Always';
      expect(isSidecar && container.startupProbe !== undefined, container.name).toBe(false);
    }
  });

  test('a pod that ends has 25 s for each of its processes, one after the other', () => {
    for (const { name: pod, containers, pod: spec } of workloads) {
      const processes = containers.filter(({ name: process }) => process in serviceConfigs).length;
      const seconds = spec.terminationGracePeriodSeconds ?? 30;
      expect(seconds, pod).toBeGreaterThan(processes * 25);
    }
  });
});

const isRedis = ({ image }: Container) => image.startsWith('redis:');

/** What every process reads, and of the others what is looked at here. */
type ProcessConfig = ConfigOf<ReturnType<typeof defineConfig<typeof processSettings>>> & {
  PORT?: number;
  REDIS_JOBS_URL?: string;
};

/** Who may open a connection to whom; `*`: the world. DNS, Prometheus and the web are not pods of ours. */
function wantedPaths(podOf: (process: ProcessOfService) => string) {
  const pods = [...new Set(processes.map(podOf))];
  const all = processes.map((process) => ({ ...process, pod: podOf(process) }));
  const paths = (to: string, from: typeof all) => [
    ...new Set(from.map(({ pod }) => `${pod} → ${to}`)),
  ];
  const betweenServices = [
    ...all.flatMap(({ pod, described: { port } }) => (port ? [`nginx → ${pod}:${port}`] : [])),
    ...['* → nginx:8443', '* → nginx:8444'],
    ...all
      .filter(({ service }) => service !== 'worker')
      .map(({ pod, described }) => `worker → ${pod}:${described.internalPort}`),
    // For the keys of access tokens; worker has the way already.
    'redirect → create:9300',
    // It asks itself, too.
    ...pods.flatMap((pod) => [`${pod} → worker:9302`, `${pod} → worker:9312`]),
  ];
  const sharedServers = [
    ...(['session', 'hub', 'cache'] as const).flatMap((server) =>
      paths(
        `redis-${server}:6379`,
        all.filter(({ described }) => described.redis[server]),
      ),
    ),
    ...paths(
      'postgres:5432',
      all.filter(({ described }) => described.databaseRole),
    ),
    'migrate → postgres:5432',
  ];
  return { betweenServices, sharedServers };
}
