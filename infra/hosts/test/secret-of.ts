import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../src/site.ts';

/** A file that was laid out: `<host>/<container>/<file>`. */
export function secretOf(site: Site, path: string): string {
  return readFileSync(join(site.directory, path), 'utf8');
}
