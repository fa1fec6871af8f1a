import type { Stack } from '../subjects/stack.ts';

/** Does `work` while a table has no index but its primary key's, then makes the same indexes again. */
export async function withoutIndexes(
  sql: Stack['sql'],
  table: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const indexes = await sql<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary`,
    [table],
  );
  for (const { name } of indexes) await sql(`DROP INDEX ${name}`);
  await work();
  // Of a partitioned table its partitions get theirs, too.
  await Promise.all(indexes.map(({ definition }) => sql(definition.replace(' ON ONLY ', ' ON '))));
}
