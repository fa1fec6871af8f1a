import { serviceNames, services } from '../../services/src/services.ts';
import { ask, docker, project } from './compose.ts';
import { kindOf, steps } from './kinds.ts';
import { layOutFiles } from './lay-out-files.ts';
import { directoryOf, knownHosts, root, type Site } from './site.ts';
import { openVault } from './vault.ts';

/** Builds the images; minutes the first time, seconds once the layers are there. */
export async function build(): Promise<void> {
  const images = serviceNames.map((name) => (services[name].http ? name : `${name}-jobs`));
  await docker(['compose', 'build', '--quiet', ...images, 'migrate'], { cwd: root });
}

/** Brings hosts up and resolves when everything on them is healthy. Hosts that run are left as they are. */
export async function up(site: Site, hosts: readonly string[]): Promise<void> {
  const vault = await openVault(site);
  await ask(['network', 'inspect', net(site)]).catch(() => ask(['network', 'create', net(site)]));
  const start = async (host: string) => {
    await ask([...project(site, host), 'up', '--detach', '--wait']);
    if (kindOf(host) === 'data') await migrate(site, host);
    console.log(`${host} is up.`);
  };
  for (const host of hosts) await layOutFiles(site, host, vault);
  for (const step of steps(hosts)) await Promise.all(step.map(start));
}

/** Stops hosts, and with `volumes` removes all that they hold; with the last one the network goes. */
export async function down(site: Site, hosts: readonly string[], volumes: boolean): Promise<void> {
  const how = volumes ? ['--volumes', '--remove-orphans'] : ['--remove-orphans'];
  const stop = async (host: string) => {
    await ask([...project(site, host), '--profile', '*', 'down', ...how]);
    console.log(`${host} is down.`);
  };
  for (const step of steps(hosts).reverse()) await Promise.all(step.map(stop));
  await ask(['network', 'rm', net(site)]).catch(() => {});
}

/** Prints the containers of all hosts. */
export async function status(site: Site): Promise<void> {
  for (const host of knownHosts(site)) {
    const format = '{{.Service}}\t{{.Status}}';
    const lines = await ask([...project(site, host), 'ps', '--all', '--format', format]);
    console.log(`${host} (${directoryOf(site, host)})\n${lines.replace(/^/gm, '  ')}`);
  }
}

async function migrate(site: Site, host: string): Promise<void> {
  await ask([...project(site, host), 'run', '--rm', '-T', 'migrate']);
}

function net(site: Site): string {
  return `${site.name}-net`;
}
