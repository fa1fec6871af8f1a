import { escapeLiteral, type QueryResultRow } from 'pg';
import type { ComposeProject } from './compose-project.ts';
import { docker } from './docker.ts';

/**
 * Runs SQL in a Compose stack, whose PostgreSQL is published nowhere: with psql, inside its container. Values are texts
 * and lists of texts; rows come back as JSON has them.
 */
export async function composeSql<Row extends QueryResultRow>(
  project: ComposeProject,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const [container] = await project.containers('postgres');
  if (container === undefined) throw new Error('PostgreSQL does not run.');
  const statement = text.replace(/\$(\d+)/g, (_, index) => literal(values[Number(index) - 1]));
  const isQuery = /^\s*select\b/i.test(statement);
  const psql = ['psql', '--username=postgres', '--dbname=shortstack', '--no-psqlrc', '--quiet'];
  const printed = await docker(
    [
      'exec',
      '--interactive',
      container,
      ...psql,
      '--tuples-only',
      '--no-align',
      '--set=ON_ERROR_STOP=1',
    ],
    { input: isQuery ? `SELECT coalesce(json_agg(r), '[]') FROM (${statement}) r` : statement },
  );
  return isQuery ? (JSON.parse(printed) as Row[]) : [];
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(',')}]::text[]`;
  return escapeLiteral(String(value));
}
