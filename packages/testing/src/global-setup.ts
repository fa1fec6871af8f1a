import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { TestPostgres } from './provided.ts';

const program = fileURLToPath(new URL('./test-postgres.ts', import.meta.url));

/**
 * Vitest's global setup: one PostgreSQL for the whole run (about 1 s), with one migrated database that
 * `createTestDatabase` makes copies of. Returns the teardown. A process of its own keeps it, so that it
 * goes away with the run even if the run is killed.
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
    throw new Error('The PostgreSQL for the tests did not start: the reason stands above.');
  }
  project.provide('postgres', JSON.parse(first) as TestPostgres);
  return async () => {
    keeper.stdin.end();
    await exited;
  };
}
