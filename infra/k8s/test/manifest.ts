/** What the tests read of an object of the API. That it is one is checked by schema. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels };
  spec: unknown;
  data?: Record<string, string>;
}

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

interface Probe {
  exec?: { command: string[] };
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  restartPolicy?: string;
  env?: { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
  securityContext?: Record<string, unknown>;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  hostAliases?: { ip: string; hostnames: string[] }[];
  securityContext?: Record<string, unknown>;
  volumes?: {
    name: string;
    secret?: { secretName: string; items?: { key: string }[] };
    configMap?: { name: string };
  }[];
}

/** What makes pods: a Deployment, a StatefulSet or a Job. */
export interface Workload {
  name: string;
  kind: string;
  replicas: number;
  labels: Labels;
  pod: PodSpec;
  /** Sidecars first. */
  containers: Container[];
}

interface WorkloadSpec {
  replicas?: number;
  template: { metadata: { labels: Labels }; spec: PodSpec };
}

export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => {
      const { replicas = 1, template } = spec as WorkloadSpec;
      return {
        name: metadata.name,
        kind,
        replicas,
        labels: template.metadata.labels,
        pod: template.spec,
        containers: [...(template.spec.initContainers ?? []), ...template.spec.containers],
      };
    });
}

export function selects(selector: Selector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`The tests don't know the operator ${operator}.`);
      return values.includes(labels[key] ?? '');
    })
  );
}
