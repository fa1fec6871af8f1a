import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';

/** Seeded link `index` has the id `firstSeededId + index`: far above those that the sequence will ever reach. */
export const firstSeededId = 1_000_000_000_000;

const email = 'seed@load.invalid';

/** The account that all seeded links belong to; nobody can sign in to it. Made when it is first asked for. */
export async function seedAccount(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO accounts (email, name, password_hash, session_tag) VALUES ($1, 'Seeded links', '!', $2)
     ON CONFLICT (email) DO UPDATE SET name = excluded.name RETURNING id`,
    [email, randomBytes(9).toString('base64url')],
  );
  return rows[0]?.id ?? '';
}

export async function removeSeedAccount(client: Client): Promise<void> {
  await client.query('DELETE FROM accounts WHERE email = $1', [email]);
}

/** How many seeded links there are: those with index 0 … n-1, unless a removal was broken off. */
export async function countSeededLinks(client: Client): Promise<number> {
  const { rows } = await client.query<{ next: string | null }>(
    'SELECT max(id) + 1 AS next FROM links WHERE id >= $1',
    [firstSeededId],
  );
  const next = rows[0]?.next;
  return next ? Number(next) - firstSeededId : 0;
}

/** Whether any seeded link has been clicked: then clicks can't be seeded as well. */
export async function haveSeededClicks(client: Client): Promise<boolean> {
  const { rows } = await client.query('SELECT FROM link_totals WHERE link_id >= $1 LIMIT 1', [
    firstSeededId,
  ]);
  return rows.length > 0;
}
