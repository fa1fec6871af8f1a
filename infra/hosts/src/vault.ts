import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type KeyPair } from '@shortstack/servers';
import { openSecrets, type Secrets } from '../../local/src/secrets.ts';
import type { Site } from './site.ts';

/** What no host gets whole: every password and key, and the authority that signs certificates. */
export interface Vault {
  readonly secrets: Secrets;
  readonly authority: KeyPair;
  /** What clients trust, PEM: that authority, and while it is being rotated the one before it. */
  readonly trusted: string;
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
    // While two are trusted they are told apart by name.
    const name = `Shortstack ${site.domain} ${randomBytes(4).toString('hex')}`;
    write(path.authority, await createAuthority(name, AUTHORITY_DAYS));
  }
  const authority = JSON.parse(readFileSync(path.authority, 'utf8')) as KeyPair;
  const previousAuthority = read(path.previousAuthority);
  return {
    secrets: openSecrets(path.secrets),
    authority,
    trusted: [authority.cert, previousAuthority?.cert ?? []].flat().join('\n'),
    previous: read(path.previous),
    rotations: rotationsIn(read(path.secrets)),
  };
}

/**
 * Takes every password out, so that new ones are made; the old ones become the previous. Interrupted at any point it can be
 * called again; once done it does nothing until `endRotation`.
 */
export function beginRotation(site: Site): void {
  const path = pathsOf(site);
  const present = read(path.secrets);
  let previous = read(path.previous);
  if (previous === undefined) {
    previous = present ?? {};
    write(path.previous, previous);
  }
  if (rotationsIn(present) > rotationsIn(previous)) return;
  const kept = Object.entries(previous).filter(([name]) => !isPassword.test(name));
  const rotations = String(rotationsIn(previous) + 1);
  write(path.secrets, { ...Object.fromEntries(kept), rotations });
}

/** Forgets the previous passwords. */
export function endRotation(site: Site): void {
  rmSync(pathsOf(site).previous);
}

/** Puts the authority aside, so that a new one is made; does nothing until `endAuthorityRotation` when called again. */
export function beginAuthorityRotation(site: Site): void {
  const path = pathsOf(site);
  if (!existsSync(path.previousAuthority)) renameSync(path.authority, path.previousAuthority);
}

/** Forgets the previous authority. */
export function endAuthorityRotation(site: Site): void {
  rmSync(pathsOf(site).previousAuthority);
}

function rotationsIn(secrets: Record<string, string> | undefined): number {
  return Number(secrets?.rotations ?? 0);
}

function pathsOf(site: Site) {
  const directory = join(site.directory, 'vault');
  const file = (name: string) => join(directory, `${name}.json`);
  return {
    directory,
    secrets: file('secrets'),
    authority: file('authority'),
    previousAuthority: file('previous-authority'),
    previous: file('previous'),
  };
}

function read(file: string): Record<string, string> | undefined {
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    : undefined;
}

function write(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
