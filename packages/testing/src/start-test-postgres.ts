import type { EphemeralPostgresOptions, EphemeralServer } from '@shortstack/servers';
import { runServers } from './run-servers.ts';

/**
 * Starts an empty PostgreSQL server of the caller's own (1 to 2 s), for tests that take it away. Others make
 * a database on the one of the run: `createTestDatabase`. It is stopped when the test file ends.
 */
export async function startTestPostgres(
  options: EphemeralPostgresOptions,
): Promise<EphemeralServer> {
  return (await runServers()).startPostgres(options);
}
