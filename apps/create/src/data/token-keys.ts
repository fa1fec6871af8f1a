import { schema } from '@shortstack/db';
import { and, isNull, lt } from '@shortstack/db/drizzle';
import type { GuardedDatabase } from './guarded-database.ts';

const { tokenKeys } = schema;

export type StoredTokenKey = typeof tokenKeys.$inferSelect;
export type NewTokenKey = Omit<StoredTokenKey, 'createdAt' | 'revokedAt'>;

/** How many generations are kept; a key signs for a month. */
const keptGenerations = 10;

/** In the order of their generations. */
export function listTokenKeys(database: GuardedDatabase): Promise<StoredTokenKey[]> {
  return database.run((db) => db.select().from(tokenKeys).orderBy(tokenKeys.generation).limit(100));
}

/**
 * Adds the next key, unless another instance has just added one of the same generation; takes away the ones long out of use. With
 * `revokeOthers` all that were there before are revoked, in the same transaction. False, and nothing done, where the other was first.
 */
export async function insertTokenKey(
  database: GuardedDatabase,
  key: NewTokenKey,
  { revokeOthers, now }: { revokeOthers: boolean; now: Date },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const inserted = await tx.insert(tokenKeys).values(key).onConflictDoNothing().returning();
    if (inserted.length === 0) return false;
    const { generation } = key;
    await tx.delete(tokenKeys).where(lt(tokenKeys.generation, generation - keptGenerations));
    if (!revokeOthers) return true;
    await tx
      .update(tokenKeys)
      .set({ revokedAt: now })
      .where(and(lt(tokenKeys.generation, generation), isNull(tokenKeys.revokedAt)));
    return true;
  });
}
