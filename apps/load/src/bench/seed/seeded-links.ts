import type { Stack } from '../subjects/stack.ts';

export interface SeededLinks {
  /** Makes the table of links hold the links number 0 to `count` - 1. Nothing where they are there. */
  ensure(count: number): Promise<void>;
}

export const linkPrefix = 'l';

/** The slug of a seeded link: as `numbered` requests have it. */
export function slugOf(number: number): string {
  return `${linkPrefix}${String(number).padStart(7, '0')}`;
}

/** From here on indexes are made anew afterwards, which is quicker than keeping them up. */
const bulk = 500_000;

/**
 * Links of 120 characters each of the demo account, written by one statement on the server: quicker than a COPY, since nothing
 * travels. PostgreSQL is left as after a night: vacuumed, analysed, written out.
 */
export function createSeededLinks({ sql }: Pick<Stack, 'sql'>): SeededLinks {
  let there = 0;
  return {
    async ensure(count) {
      if (count <= there) return;
      const indexes = count - there >= bulk ? await dropIndexes(sql) : [];
      await sql(
        `INSERT INTO links (account_id, slug, url)
         SELECT (SELECT id FROM accounts WHERE email = 'demo@example.com'),
           '${linkPrefix}' || lpad(n::text, 7, '0'), rpad('https://example.com/' || n || '?', 120, 'a-long-query=')
         FROM generate_series($1::int, $2::int) AS n`,
        [there, count - 1],
      );
      for (const definition of indexes) await sql(definition);
      there = count;
      await sql('VACUUM (ANALYZE) links');
      await sql('CHECKPOINT');
    },
  };
}

/** All but the primary key's; resolves to how to make them again. */
async function dropIndexes(sql: Stack['sql']): Promise<string[]> {
  const indexes = await sql<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index WHERE indrelid = 'links'::regclass AND NOT indisprimary`,
  );
  for (const { name } of indexes) await sql(`DROP INDEX ${name}`);
  return indexes.map(({ definition }) => definition);
}
