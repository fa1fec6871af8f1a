import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type KeyPair } from '@shortstack/servers';
import { openSecrets, type Secrets } from '../../local/src/secrets.ts';
import type { Site } from './site.ts';

/** What no host gets whole: every password and key, and the authority that signs certificates. */
export interface Vault {
  readonly secrets: Secrets;
  readonly authority: KeyPair;
  /** The passwords that hold beside the present ones, by name; undefined unless they are being rotated. */
  readonly previous: Readonly<Record<string, string>> | undefined;
  /** How often passwords were rotated: the logins of the database take turns. */
  readonly rotations: number;
}

const AUTHORITY_DAYS = 3_650;
const isPassword = /(^|\/)(redis|postgres)(-|$)/;

/** Opens the vault, which is made where there is none. Only its owner may read it (mode 0700). */
export async function openVault(site: Site): Promise<Vault> {
  const path = pathsOf(site);
  mkdirSync(path.directory, { recursive: true, mode: 0o700 });
  if (!existsSync(path.authority)) {
    write(path.authority, await createAuthority(`Shortstack ${site.domain}`, AUTHORITY_DAYS));
  }
  const previous = read<Record<string, string>>(path.previous);
  return {
    secrets: openSecrets(path.secrets),
    authority:
      read<KeyPair>(path.authority) ?? (await createAuthority(site.domain, AUTHORITY_DAYS)),
    previous,
    rotations: read<number>(path.rotations) ?? 0,
  };
}

/** Takes every password out, so that new ones are made; the old ones become the previous. Does nothing where a rotation was interrupted. */
export function beginRotation(site: Site): void {
  const path = pathsOf(site);
  if (existsSync(path.previous)) return;
  const all = Object.entries(read<Record<string, string>>(path.secrets) ?? {});
  // In this order an interruption leaves passwords that are previous and present at once, and never a lost one.
  write(path.rotations, (read<number>(path.rotations) ?? 0) + 1);
  write(path.previous, Object.fromEntries(all.filter(([name]) => isPassword.test(name))));
  write(path.secrets, Object.fromEntries(all.filter(([name]) => !isPassword.test(name))));
}

/** Forgets the previous passwords. */
export function endRotation(site: Site): void {
  rmSync(pathsOf(site).previous);
}

function pathsOf(site: Site) {
  const directory = join(site.directory, 'vault');
  const file = (name: string) => join(directory, `${name}.json`);
  return {
    directory,
    secrets: file('secrets'),
    authority: file('authority'),
    previous: file('previous'),
    rotations: file('rotations'),
  };
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

function write(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
