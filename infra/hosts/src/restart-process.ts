import { setTimeout as pause } from 'node:timers/promises';
import { ask, execIn, project } from './compose.ts';
import { kindOf } from './kinds.ts';
import { knownHosts, type Site } from './site.ts';

const POLL_MS = 200;
const KNOWN_TO_EDGE_MS = 60_000;

/**
 * Restarts a process in good order, so that it reads its secrets anew, and resolves when it is healthy; one that the edge
 * sends requests to only once the edge knows it again, so that the next may go.
 */
export async function restartProcess(site: Site, host: string, container: string): Promise<void> {
  await ask([...project(site, host), 'stop', container]);
  await ask([...project(site, host), 'up', '--detach', '--wait', '--no-deps', container]);
  if (container === kindOf(host)) await untilKnownToEdge(site, host, container);
}

async function untilKnownToEdge(site: Site, host: string, service: string): Promise<void> {
  const edge = knownHosts(site).find((each) => kindOf(each) === 'edge');
  if (edge === undefined) return;
  const [id = ''] = (await ask([...project(site, host), 'ps', '--quiet', service])).split('\n');
  const format = `{{(index .NetworkSettings.Networks "${site.name}-net").IPAddress}}`;
  const address = await ask(['inspect', '--format', format, id]);
  const test = `grep -q "server ${address}:" /run/generated/${service}.conf && [ ! -e /run/generated/reload-is-near ]`;
  const deadline = performance.now() + KNOWN_TO_EDGE_MS;
  for (;;) {
    const isKnown = await execIn(site, edge, 'nginx', ['sh', '-c', test]).then(
      () => true,
      () => false,
    );
    if (isKnown) return;
    if (performance.now() > deadline) throw new Error(`The edge does not find ${host}.`);
    await pause(POLL_MS);
  }
}
