/**
 * A program, started by `global-setup.ts`: runs one PostgreSQL with a migrated template database, writes
 * where it is to standard output, and takes it down when standard input closes, which happens even
 * when the test run is killed.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@shortstack/db';
import { preparePostgresBinaries, startPostgres, sweepAbandoned } from '@shortstack/servers';
import { Client } from 'pg';
import type { TestPostgres } from './provided.ts';
import { rolePasswords } from './role-passwords.ts';

const template = 'template_shortstack';

async function createTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${template}`);
    const ownerUrl = Object.assign(new URL(url), { pathname: template }).href;
    await migrate({ ownerUrl, passwords: rolePasswords });
    // A database can't be copied while someone is connected to it.
    await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  } finally {
    await client.end();
  }
}

const inputClosed = new Promise((resolve) => {
  process.stdin.resume().once('close', resolve);
});
await sweepAbandoned();
const server = await startPostgres({
  ephemeral: true,
  password: 'test',
  binariesDirectory: await preparePostgresBinaries(join(tmpdir(), 'shortstack-binaries')),
  settings: { max_connections: 400 },
});
try {
  await createTemplate(server.url);
  const provided: TestPostgres = { url: server.url, template };
  process.stdout.write(`${JSON.stringify(provided)}\n`);
  await inputClosed;
} finally {
  await server.stop();
}
