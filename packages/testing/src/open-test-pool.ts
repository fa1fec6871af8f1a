import type { Pool, PoolConfig } from 'pg';
import { closeAfterFile } from './close-after-file.ts';

/**
 * Connections to look into a test database with; they end by themselves when the test file ends. That the drop of the
 * database cuts some of them off is no failure: a pool counts as ended before its connections are closed.
 */
export async function openTestPool(url: string, options: PoolConfig = {}): Promise<Pool> {
  const { Pool } = await import('pg');
  const pool = new Pool({ ...options, connectionString: url });
  pool.on('error', () => undefined);
  closeAfterFile(() => pool.end());
  return pool;
}
