import { randomBytes } from 'node:crypto';
import { type Database, type Queryable, schema } from '@shortstack/db';
import { count, sql } from '@shortstack/db/drizzle';
import { type CodePermutation, createCodePermutation, makeCodes } from '@shortstack/slugs';
import type { CodePool } from '../domain/fill-code-pool.ts';

const { codeBlocks, codeKey } = schema;
const blockSize = 1_000;
/** "code" in ASCII: the lock under which blocks are counted and added. */
const fillLock = 0x636f6465;

/**
 * The pool in PostgreSQL. Each block is one transaction: count, take the next indexes of the sequence, insert. A lock lets one process do
 * so at a time, so the pool never grows past its limit. A code that a custom slug has taken, now or later, shows when its link is
 * stored: to look each up here would cost more than all the rest. About 10 ms per block.
 */
export function createCodePool(database: Database): CodePool {
  let permutation: CodePermutation | undefined;

  return {
    count: () => database.run((db) => countBlocks(db)),
    async addBlock(maxBlocks) {
      permutation ??= createCodePermutation(await database.run((db) => findOrMakeKey(db)));
      const codesOf = permutation;
      return database.transaction(async (tx) => {
        const { rows } = await tx.execute<{ isMine: boolean }>(
          sql`SELECT pg_try_advisory_xact_lock(${fillLock}) AS "isMine"`,
        );
        if (rows[0]?.isMine !== true || (await countBlocks(tx)) >= maxBlocks) return false;
        const firstIndex = await nextIndex(tx);
        const codes = `{${makeCodes(codesOf, firstIndex, blockSize).join()}}`;
        await tx.execute(
          sql`INSERT INTO code_blocks (first_index, codes) VALUES (${firstIndex}, ${codes}::text[])`,
        );
        return true;
      });
    },
  };
}

async function countBlocks(db: Queryable): Promise<number> {
  const [row] = await db.select({ blocks: count() }).from(codeBlocks);
  return row?.blocks ?? 0;
}

async function nextIndex(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ first: string }>(sql`SELECT nextval('code_index') AS first`);
  return Number(rows[0]?.first);
}

/** The key of all codes. The first process ever makes it; whoever comes second at the same time takes that one. */
async function findOrMakeKey(db: Queryable): Promise<Buffer> {
  const find = () => db.select({ key: codeKey.key }).from(codeKey);
  const [found] = await find();
  if (found) return found.key;
  await db
    .insert(codeKey)
    .values({ key: randomBytes(32) })
    .onConflictDoNothing();
  const [made] = await find();
  if (!made) throw new Error('The key of the codes can’t be read back');
  return made.key;
}
