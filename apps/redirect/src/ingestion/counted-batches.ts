import type { PoolClient } from 'pg';
import type { ParsedBatch } from './parse-batch.ts';

/**
 * Locks the sets of counted numbers of these batches' boot ids until the transaction ends, and returns
 * the batches that are in none of them, each once.
 */
export async function lockUncounted(
  client: PoolClient,
  batches: readonly ParsedBatch[],
): Promise<ParsedBatch[]> {
  const bootIds = [...new Set(batches.map(({ batch }) => batch.bootId))].sort();
  await client.query(
    `INSERT INTO counted_batches (boot_id, sequences)
     SELECT boot_id, '{}' FROM unnest($1::uuid[]) AS boot_id ON CONFLICT DO NOTHING`,
    [bootIds],
  );
  await client.query(
    'SELECT 1 FROM counted_batches WHERE boot_id = ANY ($1::uuid[]) ORDER BY boot_id FOR UPDATE',
    [bootIds],
  );
  const { rows } = await client.query<{ at: string }>(
    `SELECT batch.at FROM unnest($1::uuid[], $2::int8[]) WITH ORDINALITY AS batch (boot_id, sequence, at)
     JOIN counted_batches USING (boot_id) WHERE counted_batches.sequences @> batch.sequence`,
    [batches.map(({ batch }) => batch.bootId), batches.map(({ batch }) => batch.sequence)],
  );
  const counted = new Set(rows.map((row) => Number(row.at) - 1));
  const taken = new Set<string>();
  return batches.filter(({ batch }, at) => {
    const name = `${batch.bootId} ${batch.sequence}`;
    if (counted.has(at) || taken.has(name)) return false;
    taken.add(name);
    return true;
  });
}

/** Notes, in the same transaction, that these batches are counted. */
export async function addCountedBatches(
  client: PoolClient,
  batches: readonly ParsedBatch[],
): Promise<void> {
  const sequences = Map.groupBy(batches, ({ batch }) => batch.bootId);
  const bootIds = [...sequences.keys()].sort();
  const multiranges = bootIds.map((bootId) =>
    toMultirange((sequences.get(bootId) ?? []).map(({ batch }) => batch.sequence)),
  );
  await client.query(
    `UPDATE counted_batches SET sequences = counted_batches.sequences + batch.sequences, updated_at = now()
     FROM unnest($1::uuid[], $2::text[]::int8multirange[]) AS batch (boot_id, sequences)
     WHERE counted_batches.boot_id = batch.boot_id`,
    [bootIds, multiranges],
  );
}

function toMultirange(sequences: readonly number[]): string {
  return `{${sequences.map((sequence) => `[${sequence},${sequence}]`).join(',')}}`;
}
