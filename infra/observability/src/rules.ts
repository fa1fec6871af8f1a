import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A rule as Prometheus reads it; which kind it is, `record` and `alert` tell. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
}

const directory = new URL('../prometheus/rules/', import.meta.url);

/** All rules of `prometheus/rules`. */
export function readRules(): Rule[] {
  return readdirSync(directory).flatMap((file) => {
    const { groups } = parse(readFileSync(new URL(file, directory), 'utf8')) as {
      groups: { rules: Rule[] }[];
    };
    return groups.flatMap(({ rules }) => rules);
  });
}
