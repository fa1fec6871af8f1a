import { Client } from 'pg';

/** Signs in to the PostgreSQL server at `url` and out again; rejects if that is not possible. */
export async function connectPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
