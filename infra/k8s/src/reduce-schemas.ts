/**
 * Takes Kubernetes' OpenAPI document (`api/openapi-spec/swagger.json` of its repository) and writes what it says of the kinds that are
 * used here, without descriptions, as one JSON Schema. Fields that it does not name are errors, as they are to `kubectl apply`:
 *
 *   node infra/k8s/src/reduce-schemas.ts swagger.json 1.30 >infra/k8s/schemas/kubernetes-1.30.gen.json
 */
import { readFileSync } from 'node:fs';

const kinds = new Set([
  ...['v1.ConfigMap', 'v1.Namespace', 'v1.Secret', 'v1.Service', 'apps.v1.Deployment'],
  ...['apps.v1.StatefulSet', 'autoscaling.v2.HorizontalPodAutoscaler', 'batch.v1.Job'],
  ...['networking.k8s.io.v1.NetworkPolicy', 'policy.v1.PodDisruptionBudget'],
]);

interface Definition {
  properties?: object;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/** The document says `string`; the API takes numbers too. */
const alsoNumbers: Record<string, object> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    type: ['string', 'number'],
    pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$',
  },
};

const [file = '', version = ''] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as {
  definitions: Record<string, Definition>;
};
const used = new Map<string, unknown>();

function use(name: string): void {
  if (used.has(name)) return;
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`There is no definition ${name}.`);
  const closed = definition.properties === undefined ? {} : { additionalProperties: false };
  used.set(name, undefined);
  used.set(name, alsoNumbers[name] ?? { ...(reduce(definition) as object), ...closed });
}

const isNoise = (key: string, value: unknown) =>
  (key === 'description' && typeof value === 'string') ||
  (key === 'default' && !(value as { type?: string }).type) ||
  /^x-kubernetes-(?!group-version-kind)/.test(key);

/** Without what says nothing of validity. */
function reduce(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(reduce);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).filter(([key, value]) => !isNoise(key, value));
  const reference = entries.find(([key]) => key === '$ref')?.[1];
  if (typeof reference === 'string') use(reference.replace('#/definitions/', ''));
  return Object.fromEntries(entries.map(([key, value]) => [key, reduce(value)]));
}

for (const [name, definition] of Object.entries(definitions)) {
  const [id] = definition['x-kubernetes-group-version-kind'] ?? [];
  if (id && kinds.has([id.group, id.version, id.kind].filter(Boolean).join('.'))) use(name);
}
const sorted = [...used].toSorted(([one], [other]) => one.localeCompare(other));
console.log(
  JSON.stringify(
    {
      $comment: `Of Kubernetes ${version}, Apache License 2.0; made by src/reduce-schemas.ts`,
      definitions: Object.fromEntries(sorted),
    },
    null,
    1,
  ),
);
