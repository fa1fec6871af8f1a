import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Manifest } from './manifest.ts';

interface Definition {
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

const schema = JSON.parse(
  readFileSync(new URL('../schemas/kubernetes-1.30.gen.json', import.meta.url), 'utf8'),
) as { definitions: Record<string, Definition> };

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(schema, 'kubernetes');
const validators = new Map<string, ValidateFunction | undefined>();
for (const [name, definition] of Object.entries(schema.definitions)) {
  for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    validators.set(`${apiVersion} ${kind}`, ajv.getSchema(`kubernetes#/definitions/${name}`));
  }
}

/** What the API of Kubernetes would not take of this object: unknown and missing fields, wrong types. */
export function apiFaults(manifest: Manifest): string[] {
  const validate = validators.get(`${manifest.apiVersion} ${manifest.kind}`);
  if (!validate) return [`There is no schema of ${manifest.apiVersion} ${manifest.kind}.`];
  const isTaken: boolean = validate(manifest);
  if (isTaken) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const field = (params as { additionalProperty?: string }).additionalProperty ?? '';
    return `${manifest.kind} ${manifest.metadata.name} ${instancePath} ${message} ${field}`.trim();
  });
}
