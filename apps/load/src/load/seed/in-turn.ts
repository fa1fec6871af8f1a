import { Client } from 'pg';

/** Connections of the owner's that work at the same time. */
export async function withClients<T>(
  databaseUrl: string,
  count: number,
  work: (clients: readonly Client[]) => Promise<T>,
): Promise<T> {
  const clients = Array.from(
    { length: count },
    () =>
      new Client({
        connectionString: databaseUrl,
        application_name: 'shortstack load seed',
        connectionTimeoutMillis: 5_000,
        // A batch takes seconds; the time that a lock is waited for is limited instead.
        lock_timeout: 30_000,
        // What a crash of the server takes away can be seeded again.
        options: '-c synchronous_commit=off -c work_mem=128MB -c temp_buffers=64MB',
      }),
  );
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Hands out batches one after the other, each to the next client that is free, in a transaction of its own. */
export async function inTurn<B>(
  clients: readonly Client[],
  batches: Iterator<B>,
  work: (client: Client, batch: B) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        if (signal.aborted) return;
        const { value, done } = batches.next();
        if (done) return;
        await client.query('BEGIN');
        try {
          await work(client, value);
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }
    }),
  );
}
