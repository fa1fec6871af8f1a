import type { Stack } from '../subjects/stack.ts';
import { withoutIndexes } from './without-indexes.ts';

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
 * Links of 120 characters each of the demo account, written by statements on the server: quicker than a COPY, since nothing
 * travels.
 */
export function createSeededLinks({ sql }: Pick<Stack, 'sql'>): SeededLinks {
  let there = 0;
  const write = (from: number, to: number) =>
    sql(
      `INSERT INTO links (account_id, slug, url)
       SELECT (SELECT id FROM accounts WHERE email = 'demo@example.com'),
         '${linkPrefix}' || lpad(n::text, 7, '0'), rpad('https://example.com/' || n || '?', 120, 'a-long-query=')
       FROM generate_series($1::int, $2::int) AS n`,
      [from, to - 1],
    );
  return {
    async ensure(count) {
      if (count <= there) return;
      const half = Math.floor((there + count) / 2);
      const writeBoth = () => Promise.all([write(there, half), write(half, count)]);
      if (count - there < bulk) await writeBoth();
      else await withoutIndexes(sql, 'links', writeBoth);
      there = count;
      await sql('ANALYZE links');
      await sql('CHECKPOINT');
    },
  };
}
