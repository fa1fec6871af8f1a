import type { FieldError } from '@shortstack/errors';

/** The part of a TypeBox validation error that is read here. */
interface SchemaError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
  message: string;
}

interface Params {
  requiredProperties?: readonly string[];
  additionalProperties?: readonly string[];
  allowedValue?: unknown;
  allowedValues?: readonly unknown[];
  type?: string;
}

const maxPerError = 8;

/**
 * Turns a schema's errors into one plain sentence per faulty field, each with the JSON pointer (RFC 6901) of the field
 * itself: a missing or unknown field is named by its own path. The client's values are never repeated.
 */
export function fieldErrors(errors: readonly SchemaError[]): FieldError[] {
  const byPath = new Map<string, string[]>();
  const add = (path: string, message: string) => {
    const messages = byPath.get(path) ?? [];
    if (!messages.includes(message)) byPath.set(path, [...messages, message]);
  };
  for (const error of errors) {
    for (const [path, message] of faultsOf(error)) add(path, message);
  }
  return [...byPath].map(([path, messages]) => ({ path, message: joinMessages(messages) }));
}

function faultsOf({ keyword, instancePath, params, message }: SchemaError): [string, string][] {
  const { requiredProperties, additionalProperties, allowedValue, allowedValues } =
    params as Params;
  const eachProperty = (names: readonly string[] | undefined, text: string) =>
    (names ?? [])
      .slice(0, maxPerError)
      .map((name): [string, string] => [`${instancePath}/${escapePointer(name)}`, text]);

  switch (keyword) {
    case 'required':
      return eachProperty(requiredProperties, 'is required');
    case 'additionalProperties':
      return eachProperty(additionalProperties, 'is not allowed');
    case 'const':
      return [[instancePath, `must be ${JSON.stringify(allowedValue)}`]];
    case 'enum':
      return [[instancePath, `must be one of ${listValues(allowedValues ?? [])}`]];
    // Says what its neighbours say already: "schema is false", "must match a schema in anyOf".
    case 'boolean':
    case 'anyOf':
      return [];
    default:
      return [[instancePath, message]];
  }
}

function listValues(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

/** `must be "a"`, `must be "b"` → `must be "a" or "b"`: the branches of a union. */
function joinMessages(messages: readonly string[]): string {
  const alternatives = messages.map((message) => message.replace(/^must be (?=["\d-]|\w+$)/, ''));
  const allAlternatives = alternatives.every((text, index) => text !== messages[index]);
  return allAlternatives ? `must be ${alternatives.join(' or ')}` : messages.join('; ');
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
