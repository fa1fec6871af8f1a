import type { GuardedDatabase } from './guarded-database.ts';

/** Whose key it is, what it may do, and until when. */
export interface UsableApiKey {
  id: string;
  accountId: string;
  scopes: readonly string[];
  /** In milliseconds since 1970; null: it does not expire. */
  expiresAtMs: number | null;
}

/** Below the load timeout of whoever caches keys, so that the error says what is away. */
const timeoutMs = 1_500;

/** The keys that have these hashes, by hash, without those that have expired. */
export async function findApiKeys(
  database: GuardedDatabase,
  keyHashes: readonly string[],
): Promise<Map<string, UsableApiKey>> {
  const rows = await database.query<{
    key_hash: string;
    id: string;
    account_id: string;
    scopes: string[];
    expires_at: Date | null;
  }>({
    name: 'find-api-keys',
    text: `SELECT key_hash, id, account_id, scopes, expires_at FROM api_keys
      WHERE key_hash = ANY($1) AND (expires_at IS NULL OR expires_at > now())`,
    values: [keyHashes],
    query_timeout: timeoutMs,
  });
  return new Map(
    rows.map(({ key_hash, id, account_id, scopes, expires_at }) => [
      key_hash,
      { id, accountId: account_id, scopes, expiresAtMs: expires_at?.getTime() ?? null },
    ]),
  );
}
