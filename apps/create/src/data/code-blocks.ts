import { randomBytes } from 'node:crypto';
import { type CodePermutation, createCodePermutation, makeCodes } from '@shortstack/slugs';
import type { CodeBlock } from '../domain/code-supply.ts';
import type { GuardedDatabase } from './guarded-database.ts';

const blockSize = 1_000;
/** Fewer blocks than this in the pool: it runs low. */
const lowPool = 5;
const attempts = 5;

/**
 * Takes the first block out of the pool for good, in one statement. Two that want the same block at once: the second
 * finds it gone and tries the next one. Null when the pool is empty.
 */
export async function leaseCodeBlock(database: GuardedDatabase): Promise<CodeBlock | null> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [row] = await database.query<{ codes: string[] | null; others: number }>({
      name: 'lease-code-block',
      text: `WITH leased AS (
          DELETE FROM code_blocks WHERE first_index = (SELECT min(first_index) FROM code_blocks) RETURNING codes
        )
        SELECT (SELECT to_json(codes) FROM leased) AS codes,
          (SELECT count(*)::int - 1 FROM (SELECT FROM code_blocks LIMIT ${lowPool + 1}) AS ahead) AS others`,
    });
    if (!row || (row.codes === null && row.others < 0)) return null;
    if (row.codes !== null) return { codes: row.codes, isPoolLow: row.others < lowPool };
  }
  return null;
}

/**
 * Returns a function that makes a block of codes for this process alone, as the worker makes them for the pool: from
 * the shared sequence and key. One that is taken as a slug shows when its link is stored: to look a thousand up here would cost more.
 * One or two round trips.
 */
export function createCodeBlockMaker(database: GuardedDatabase): () => Promise<string[]> {
  let permutation: CodePermutation | undefined;

  return async () => {
    permutation ??= createCodePermutation(await codeKey(database));
    const [next] = await database.query<{ first: string }>({
      text: `SELECT nextval('code_index') AS first`,
    });
    return makeCodes(permutation, BigInt(next?.first ?? 0), blockSize);
  };
}

/** The key of all codes. The first process ever makes it; whoever comes second at the same time takes that one. */
async function codeKey(database: GuardedDatabase): Promise<Buffer> {
  const find = () => database.query<{ key: Buffer }>({ text: 'SELECT key FROM code_key' });
  const [found] = await find();
  if (found) return found.key;
  await database.query({
    text: 'INSERT INTO code_key (key) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [randomBytes(32)],
  });
  const [made] = await find();
  if (!made) throw new Error('The key of the codes can’t be read back');
  return made.key;
}
