import { passwordHash } from '../../redis/src/acl-file.ts';
import { type RedisName, type RedisUser, serviceUsers } from '../../redis/src/redis-users.ts';
import { closeLastLogins, openNextLogins } from './database-logins.ts';
import { kindOf, redisServersOf } from './kinds.ts';
import { layOutFiles, secretName } from './lay-out-files.ts';
import { commandRedis } from './redis-admin.ts';
import { restartWith } from './restart-with.ts';
import { knownHosts, type Site } from './site.ts';
import { beginRotation, endRotation, openVault, type Vault } from './vault.ts';

/**
 * Gives every user of every Redis server and of PostgreSQL a new password while all runs: the servers take the new one
 * beside the old, each process is restarted with the new one, the old one is taken away. All hosts must be up. Interrupted,
 * it leaves both valid; called again it goes on.
 */
export async function rotatePasswords(site: Site): Promise<void> {
  const hosts = knownHosts(site);
  beginRotation(site);
  const vault = await openVault(site);

  await eachRedis(hosts, async (host, container) => {
    const added = passwordsOf(host, container, (name) => vault.secrets.password(name));
    await commandRedis(site, host, container, setUsers('#', added));
  });
  await eachDatabase(hosts, (host) => openNextLogins(site, host, vault));
  await restartWith(site, vault);
  await forgetOld(site, hosts, vault);
  console.log('The old passwords are gone.');
}

async function forgetOld(site: Site, hosts: readonly string[], vault: Vault): Promise<void> {
  const present = { ...vault, previous: undefined };
  // First the files, lest a server that restarts now takes the old passwords back.
  for (const host of hosts) await layOutFiles(site, host, present);
  await eachRedis(hosts, async (host, container) => {
    const removed = passwordsOf(host, container, (name) => vault.previous?.[name]);
    await commandRedis(site, host, container, setUsers('!', removed));
  });
  await eachDatabase(hosts, (host) => closeLastLogins(site, host, vault));
  endRotation(site);
}

type Passwords = Partial<Record<RedisUser, string>>;

function passwordsOf(
  host: string,
  container: string,
  find: (name: string) => string | undefined,
): Passwords {
  const server = container.replace('redis-', '') as RedisName;
  const users: RedisUser[] = ['admin', 'health', ...serviceUsers(server)];
  const found = users.map((user) => [user, find(secretName(host, `redis-${server}-${user}`))]);
  return Object.fromEntries(found.filter(([, password]) => password !== undefined)) as Passwords;
}

/** `#` adds the hash of a password, `!` removes it. */
function setUsers(sign: '#' | '!', passwords: Passwords): string[] {
  return Object.entries(passwords).map(
    ([user, password]) => `ACL SETUSER ${user} ${sign}${passwordHash(password)}`,
  );
}

async function eachRedis(
  hosts: readonly string[],
  work: (host: string, container: string) => Promise<void>,
): Promise<void> {
  for (const host of hosts) {
    for (const container of redisServersOf(host)) await work(host, container);
  }
}

async function eachDatabase(
  hosts: readonly string[],
  work: (host: string) => Promise<void>,
): Promise<void> {
  for (const host of hosts) if (kindOf(host) === 'data') await work(host);
}
