import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { signCertificate } from '@shortstack/servers';
import { secretFiles } from '../../docker/src/secret-files.ts';
import { containersOf, kindOf } from './kinds.ts';
import { certifiedNames, placesIn } from './server-names.ts';
import { directoryOf, type Site } from './site.ts';
import type { Vault } from './vault.ts';

const CERTIFICATE_DAYS = 90;

/**
 * Writes what a host needs besides the repository: its `.env`, and per container the secrets that are this container's. On
 * a machine of its own the host gets this directory and no more.
 */
export async function layOutFiles(site: Site, host: string, vault: Vault): Promise<void> {
  const directory = directoryOf(site, host);
  mkdirSync(directory, { recursive: true });
  // Whoever mounts a directory in it may read it, under whichever user; nobody else comes this far.
  chmodSync(directory, 0o700);
  put(join(directory, '.env'), environmentOf(site, host), 0o600);

  const containers = containersOf[kindOf(host)];
  for (const [path, content] of Object.entries(secretFilesOf(site, host, vault))) {
    if (containers.includes(dirname(path))) put(join(directory, path), content);
  }
  for (const container of containers) {
    if (container !== 'nginx') put(join(directory, container, 'ca.pem'), vault.trusted);
    if (!existsSync(join(directory, container, 'certificate.pem'))) {
      await certify(site, host, container, vault);
    }
  }
}

/** Gives a container a new certificate, if it is one that proves itself. */
export async function certify(
  site: Site,
  host: string,
  container: string,
  { authority }: Vault,
): Promise<void> {
  const names = certifiedNames(container, site.domain);
  if (names === undefined) return;
  const { cert, key } = await signCertificate(authority, { names, days: CERTIFICATE_DAYS });
  put(join(directoryOf(site, host), container, 'key.pem'), key);
  put(join(directoryOf(site, host), container, 'certificate.pem'), cert);
}

/** The login of a role of the database: the role itself, and after each rotation the other of the two. */
export function databaseLogin(role: string, rotations: number): string {
  return rotations % 2 === 0 ? role : `${role}_b`;
}

/** The name of a secret in the vault. A local Redis shares no password with one of another host. */
export function secretName(host: string, name: string): string {
  return name.startsWith('redis-jobs-') ? `${host}/${name}` : name;
}

function secretFilesOf(site: Site, host: string, { secrets, previous, rotations }: Vault) {
  const own = {
    ...secrets,
    password: (name: string) => secrets.password(secretName(host, name)),
  };
  return secretFiles(own, {
    ...placesIn(site.domain),
    loginOf: (role) => databaseLogin(role, rotations),
    previousPassword: (name) => previous?.[secretName(host, name)],
  });
}

function environmentOf(site: Site, host: string): string {
  const settings: Record<string, string> = {
    HOST_NAME: host,
    DOMAIN: site.domain,
    FILES: directoryOf(site, host),
    NET: `${site.name}-net`,
    APP_ORIGIN: `https://localhost:${site.appPort}`,
    SHORT_ORIGIN: `https://localhost:${site.shortPort}`,
    APP_PORT: String(site.appPort),
    SHORT_PORT: String(site.shortPort),
    ...(kindOf(host) === 'watch' ? { COMPOSE_PROFILES: 'observability' } : {}),
    ...site.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function put(file: string, content: string, mode = 0o444): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content, { mode });
  renameSync(`${file}.new`, file);
}
