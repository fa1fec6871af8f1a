import type { Principal } from '../domain/principal.ts';
import type { GuardedDatabase } from './guarded-database.ts';

type Found = Promise<Map<string, Principal>>;

/**
 * Returns a function that finds whose key a hash belongs to, if the key exists and hasn't expired. Requests of the same
 * turn of the event loop share one look-up; nothing is kept beyond that, so a deleted key stops working at once.
 */
export function createKeyLookup(
  database: GuardedDatabase,
): (keyHash: string) => Promise<Principal | null> {
  let hashes = new Set<string>();
  let found: Found | undefined;

  return async (keyHash) => {
    hashes.add(keyHash);
    found ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      const asked = [...hashes];
      hashes = new Set();
      found = undefined;
      return findPrincipals(database, asked);
    });
    return (await found).get(keyHash) ?? null;
  };
}

async function findPrincipals(database: GuardedDatabase, keyHashes: string[]): Found {
  const rows = await database.query<{
    key_hash: string;
    id: string;
    account_id: string;
    scopes: string[];
  }>({
    name: 'find-api-keys',
    text: `SELECT key_hash, id, account_id, scopes FROM api_keys
      WHERE key_hash = ANY($1) AND (expires_at IS NULL OR expires_at > now())`,
    values: [keyHashes],
  });
  return new Map(
    rows.map(({ key_hash, id, account_id, scopes }) => [
      key_hash,
      { accountId: account_id, key: { id, scopes } },
    ]),
  );
}
