import { schema } from '@shortstack/db';
import { and, desc, eq, sql } from '@shortstack/db/drizzle';
import type { StoredApiKey } from '../domain/api-key.ts';
import type { GuardedDatabase } from './guarded-database.ts';

const { apiKeys } = schema;

const columns = {
  id: apiKeys.id,
  accountId: apiKeys.accountId,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  prefix: apiKeys.prefix,
  expiresAt: apiKeys.expiresAt,
  createdAt: apiKeys.createdAt,
};

export async function insertApiKey(
  database: GuardedDatabase,
  key: Omit<StoredApiKey, 'id' | 'createdAt'> & { keyHash: string },
): Promise<StoredApiKey> {
  const [inserted] = await database.run((db) => db.insert(apiKeys).values(key).returning(columns));
  if (!inserted) throw new Error('INSERT … RETURNING returned nothing');
  return inserted;
}

/** An account's keys, the newest first, from beyond the key `after`. By whole milliseconds, as a cursor has them. */
export function listApiKeys(
  database: GuardedDatabase,
  accountId: string,
  limit: number,
  after: { createdAt: string; id: string } | null,
): Promise<StoredApiKey[]> {
  const createdAt = sql`date_trunc('milliseconds', ${apiKeys.createdAt})`;
  return database.run((db) =>
    db
      .select(columns)
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.accountId, accountId),
          after === null
            ? undefined
            : sql`(${createdAt}, ${apiKeys.id}) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`,
        ),
      )
      .orderBy(desc(createdAt), desc(apiKeys.id))
      .limit(limit),
  );
}

/** The hash of the deleted key; null where there is no such key of this account. */
export async function deleteApiKey(
  database: GuardedDatabase,
  accountId: string,
  id: string,
): Promise<string | null> {
  const [deleted] = await database.run((db) =>
    db
      .delete(apiKeys)
      .where(and(eq(apiKeys.id, id), eq(apiKeys.accountId, accountId)))
      .returning({ keyHash: apiKeys.keyHash }),
  );
  return deleted?.keyHash ?? null;
}
