import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, postgresRoles, type RolePasswords, type ServiceRole } from '@shortstack/db';
import { type PostgresServer, preparePostgresBinaries, startPostgres } from '@shortstack/servers';
import { createTestDatabase } from '@shortstack/testing';
import { Client } from 'pg';
import type { PortClaim } from './claim-ports.ts';

/** A stack's database: one of its own on the test run's PostgreSQL, or on a server of its own. */
export interface StackDatabase {
  /** As the superuser. */
  readonly ownerUrl: string;
  urlFor(role: ServiceRole): string;
  close(): Promise<void>;
}

/** A server of its own may be killed and started again. */
export interface OwnPostgres extends StackDatabase {
  /** SIGKILL. The data stays. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const passwords: RolePasswords = {
  create: 'e2e-create',
  redirect: 'e2e-redirect',
  redirectJobs: 'e2e-redirect-jobs',
  worker: 'e2e-worker',
};

/** A database of the caller's own on the one server of this test run: quick, and to be left running. */
export function sharedPostgres(): Promise<StackDatabase> {
  return createTestDatabase();
}

/** A PostgreSQL server that belongs to this stack alone (about 2 s). */
export async function ownPostgres(ports: PortClaim): Promise<OwnPostgres> {
  const port = ports.next();
  // Named so that the next test run sweeps it away if this one is killed (`sweepAbandoned`).
  const owner = `shortstack-ephemeral-${hostname()}-${process.pid}`;
  const dataDirectory = join(tmpdir(), `${owner}-${randomBytes(6).toString('hex')}`);
  const binariesDirectory = await preparePostgresBinaries(join(tmpdir(), 'shortstack-binaries'));
  const launch = (): Promise<PostgresServer> =>
    startPostgres({ dataDirectory, port, password: 'test', binariesDirectory });
  let server = await launch();
  const endWithProcess = () => server.kill('SIGKILL');
  process.once('exit', endWithProcess);
  const ownerUrl = Object.assign(new URL(server.url), { pathname: 'shortstack' }).href;
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE shortstack');
  await client.end();
  await migrate({ ownerUrl, passwords });
  return {
    ownerUrl,
    urlFor: (role) =>
      Object.assign(new URL(ownerUrl), {
        username: postgresRoles[role],
        password: passwords[role],
      }).href,
    async kill() {
      server.kill('SIGKILL');
      await server.exited;
    },
    async start() {
      server = await launch();
    },
    async close() {
      process.off('exit', endWithProcess);
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
