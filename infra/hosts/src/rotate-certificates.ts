import { execIn } from './compose.ts';
import { containersOf, kindOf } from './kinds.ts';
import { certify } from './lay-out-files.ts';
import { commandRedis } from './redis-admin.ts';
import { certifiedNames } from './server-names.ts';
import { knownHosts, type Site } from './site.ts';
import { openVault } from './vault.ts';

const KEY = '/run/secrets/key.pem';
const reread = `CONFIG SET tls-cert-file /run/secrets/certificate.pem tls-key-file ${KEY}`;

/**
 * Gives every server a new certificate of the same authority, and has it read while it runs: open connections go on, new
 * ones meet the new certificate.
 */
export async function rotateCertificates(site: Site): Promise<void> {
  const vault = await openVault(site);
  for (const host of knownHosts(site)) {
    for (const container of containersOf[kindOf(host)]) {
      if (certifiedNames(container, site.domain) === undefined) continue;
      await certify(site, host, container, vault);
      await readAnew(site, host, container);
      console.log(`${container} on ${host} has a new certificate.`);
    }
  }
}

async function readAnew(site: Site, host: string, container: string): Promise<void> {
  const run = (...command: string[]) => execIn(site, host, container, command);
  if (container === 'nginx') await run('nginx', '-s', 'reload');
  else if (container === 'postgres') {
    await run('install', '-m', '600', KEY, '/var/run/postgresql/');
    await run('psql', '--username=postgres', '--command', 'SELECT pg_reload_conf()');
  } else await commandRedis(site, host, container, [reread]);
}
