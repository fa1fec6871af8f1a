import { createDatabase } from '@shortstack/db';
import Fastify from 'fastify';

/**
 * A program, the baseline of creation: Fastify with one route and no logger that stores what it is sent by one `INSERT … RETURNING`, on
 * the kind of pool that the services use. Its arguments are the port and an account; PostgreSQL is named by DATABASE_URL.
 */
const [port = '0', accountId = ''] = process.argv.slice(2);
const database = createDatabase({
  url: process.env.DATABASE_URL ?? '',
  applicationName: 'bench-bare',
});
const boot = Date.now().toString(36);
let number = 0;
const app = Fastify({ logger: false });

app.post<{ Body: { url: string } }>('/api/links', async (request, reply) => {
  number += 1;
  const { rows } = await database.pool.query({
    name: 'insert',
    text: 'INSERT INTO links (account_id, slug, url) VALUES ($1, $2, $3) RETURNING id, slug, url, created_at',
    values: [accountId, `${boot}-${number}`, request.body.url],
  });
  return reply.code(201).send(rows[0]);
});
app.get('/', async () => 'ready');

await app.listen({ port: Number(port), host: '127.0.0.1' });
