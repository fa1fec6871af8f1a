import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Provided } from './provided.ts';

const program = fileURLToPath(new URL('./test-servers.ts', import.meta.url));

/**
 * Vitest's global setup: chooses once what servers are started with (`SERVERS=docker` or `native`; without
 * it Docker where it can be had), and starts one PostgreSQL for the whole run (1 to 3 s), with one migrated
 * database that `createTestDatabase` makes copies of. Returns the teardown. A process of its own keeps it,
 * so that it goes away with the run even if the run is killed.
 */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const keeper = spawn(process.execPath, ['--conditions=source', program], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(keeper, 'exit');
  const line = once(createInterface(keeper.stdout), 'line') as Promise<[string]>;
  const [first] = await Promise.race([line, exited]);
  if (typeof first !== 'string') {
    throw new Error('The servers for the tests did not start: the reason stands above.');
  }
  const { postgres, servers } = JSON.parse(first) as Provided;
  project.provide('postgres', postgres);
  project.provide('servers', servers);
  console.log(`Servers for the tests: ${servers.description}`);
  return async () => {
    keeper.stdin.end();
    await exited;
  };
}
