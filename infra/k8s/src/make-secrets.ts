/**
 * `npm run k8s:secrets`: makes every password and key at its first run, kept in `.data/k8s/secrets.json`, and lays out per container the
 * files of which `secrets/kustomization.yaml` makes Secrets. Servers that a provider runs are named by URL without user and password:
 *
 *   npm run k8s:secrets -- --session rediss://… --hub rediss://… --cache rediss://… --postgres 'postgres://…/shortstack?sslmode=verify-full'
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { secretFiles } from '../../docker/src/secret-files.ts';
import { openSecrets } from '../../local/src/secrets.ts';
import { moveUrl } from './move-url.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    session: text,
    hub: text,
    cache: text,
    postgres: text,
    vault: { ...text, default: here('../../../.data/k8s/secrets.json') },
    directory: { ...text, default: here('../secrets') },
  },
});
const { session, hub, cache, postgres, vault, directory } = values;
const places = { 'redis-session': session, 'redis-hub': hub, 'redis-cache': cache, postgres };

mkdirSync(dirname(vault), { recursive: true, mode: 0o700 });
const files = Object.entries(secretFiles(openSecrets(vault)));
for (const [name, content] of files) {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, name.endsWith('-url') ? moveUrl(content, places) : content, { mode: 0o600 });
}
console.log(`${files.length} files are in ${directory}.`);
