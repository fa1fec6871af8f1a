import type { QueryResultRow } from 'pg';
import { composeProject } from './compose-project.ts';
import { composeSql } from './compose-sql.ts';
import type { Stack } from './stack.ts';
import { type LocalStack, type StartStackOptions, startStack } from './start-stack.ts';

/**
 * For suites that need no power over the stack: the one that the environment names by E2E_APP_ORIGIN,
 * E2E_SHORT_ORIGIN and E2E_OPS_ORIGIN, or else a local one. `local` is undefined for a given one, whose database
 * is within reach if it is a Compose project and E2E_COMPOSE_PROJECT names it.
 */
export async function openStack(
  options: StartStackOptions = {},
): Promise<{ stack: Stack; local: LocalStack | undefined }> {
  const { E2E_APP_ORIGIN, E2E_SHORT_ORIGIN, E2E_OPS_ORIGIN, E2E_COMPOSE_PROJECT } = process.env;
  if (E2E_APP_ORIGIN && E2E_SHORT_ORIGIN) {
    const stack: Stack = {
      appOrigin: E2E_APP_ORIGIN,
      shortOrigin: E2E_SHORT_ORIGIN,
      opsOrigin: E2E_OPS_ORIGIN ?? E2E_APP_ORIGIN,
      sql: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => {
        if (!E2E_COMPOSE_PROJECT) throw new Error('This test needs E2E_COMPOSE_PROJECT.');
        return composeSql<Row>(composeProject(E2E_COMPOSE_PROJECT, {}), text, values);
      },
    };
    return { stack, local: undefined };
  }
  const local = await startStack(options);
  return { stack: local, local };
}
