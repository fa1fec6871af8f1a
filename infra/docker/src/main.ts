/**
 * The one-shot `secrets` of docker-compose.yml: makes every password and key of the stack at its first start and lays
 * out, per container, the files that this container may see. Run by Node alone, without dependencies.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSecrets } from '../../local/src/secrets.ts';
import { secretFiles } from './secret-files.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Name the directory to lay the secrets out in.');

mkdirSync(join(directory, 'vault'), { recursive: true, mode: 0o700 });
const secrets = openSecrets(join(directory, 'vault/secrets.json'));
// Nobody writes into the volume: what people know, Compose has from `.env`.
const { OIDC_PROVIDERS } = process.env;
const files = secretFiles({ ...secrets, given: (_name, otherwise) => OIDC_PROVIDERS || otherwise });
for (const [name, content] of Object.entries(files)) {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  // Whoever mounts the directory may read it, under whichever user it runs.
  writeFileSync(`${file}.new`, content, { mode: 0o444 });
  renameSync(`${file}.new`, file);
}
console.log(`${Object.keys(files).length} secrets are in place.`);
