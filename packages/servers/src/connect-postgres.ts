/** Signs in to the PostgreSQL server at `url` and out again; rejects if that is not possible. */
export async function connectPostgres(url: string): Promise<void> {
  // Most users of this package start Redis alone.
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
