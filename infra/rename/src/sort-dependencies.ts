import { basename } from 'node:path';

type Json = Record<string, unknown>;

/** A package.json or package-lock.json in the order that npm writes it in; any other file as it is. */
export function sortDependencies(path: string, text: string): string {
  const isLockfile = basename(path) === 'package-lock.json';
  if (!isLockfile && basename(path) !== 'package.json') return text;
  const manifest = JSON.parse(text) as Json & { packages?: Record<string, Json> };
  const sorted = isLockfile
    ? { ...manifest, packages: sortKeys(mapValues(manifest.packages ?? {}, withSortedFields)) }
    : withSortedFields(manifest);
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

function withSortedFields(manifest: Json): Json {
  return mapKeyed(manifest, (key, value) =>
    /ependencies$/.test(key) ? sortKeys(value as Json) : value,
  );
}

function mapValues<T, U>(object: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return mapKeyed(object, (_, value) => change(value));
}

function mapKeyed<T, U>(object: Record<string, T>, change: (key: string, value: T) => U) {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(key, value)] as const),
  );
}

function sortKeys<T>(object: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(object).sort(([one], [other]) => one.localeCompare(other, 'en')),
  );
}
