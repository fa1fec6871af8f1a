/**
 * A program, started by `global-setup.ts`: chooses what servers are started with, runs one PostgreSQL with
 * a migrated template database, writes both to standard output, and takes PostgreSQL down when standard
 * input closes, which happens even when the test run is killed.
 */
import { migrate, postgresRoles } from '@shortstack/db';
import { openServers, type Servers, sweepAbandoned } from '@shortstack/servers';
import { Client } from 'pg';
import type { Provided } from './provided.ts';
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

async function openAskedFor(backend: string | undefined): Promise<Servers> {
  if (!backend) return openServers();
  if (backend === 'docker' || backend === 'native') return openServers({ backend });
  throw new Error(`SERVERS is \`docker\` or \`native\`, not \`${backend}\`.`);
}

const inputClosed = new Promise((resolve) => {
  process.stdin.resume().once('close', resolve);
});
await sweepAbandoned();
const servers = await openAskedFor(process.env.SERVERS).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
try {
  const { url } = await servers.startPostgres({
    password: 'test',
    settings: { max_connections: 400 },
  });
  await createTemplate(url);
  const { backend, description } = servers;
  const provided: Provided = {
    postgres: { url, template, roles: postgresRoles },
    servers: { backend, description },
  };
  process.stdout.write(`${JSON.stringify(provided)}\n`);
  await inputClosed;
} finally {
  await servers.close();
}
