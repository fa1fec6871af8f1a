import { migrate, postgresRoles, type RolePasswords, type ServiceRole } from '@shortstack/db';
import {
  createFaultProxy,
  createTestDatabase,
  type FaultProxy,
  startTestPostgres,
} from '@shortstack/testing';
import { Client } from 'pg';
import type { PortClaim } from './claim-ports.ts';
import { onPort } from './redis-servers.ts';

/** A stack's database: one of its own on the test run's PostgreSQL, or on a server of its own. */
export interface StackDatabase {
  /** As the superuser. */
  readonly ownerUrl: string;
  urlFor(role: ServiceRole): string;
  close(): Promise<void>;
}

/** A server of its own may be killed and started again, suspended, and cut off. */
export interface OwnPostgres extends StackDatabase {
  /** SIGKILL. The data stays. */
  kill(): Promise<void>;
  start(): Promise<void>;
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Only of a server that was to stand behind one; `ownerUrl` leads past it. */
  readonly proxy: FaultProxy | undefined;
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

/** A PostgreSQL server that belongs to this stack alone (about 2 s). It ends with the test file. */
export async function ownPostgres(ports: PortClaim, hasProxy: boolean): Promise<OwnPostgres> {
  const server = await startTestPostgres({ port: ports.next(), password: 'test' });
  const proxy = hasProxy ? await createFaultProxy({ targetPort: server.port }) : undefined;
  const ownerUrl = Object.assign(new URL(server.url), { pathname: 'shortstack' }).href;
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE shortstack');
  await client.end();
  await migrate({ ownerUrl, passwords });
  return {
    ownerUrl,
    urlFor: (role) =>
      Object.assign(new URL(onPort(ownerUrl, proxy?.port ?? server.port)), {
        username: postgresRoles[role],
        password: passwords[role],
      }).href,
    kill: () => server.kill(),
    start: () => server.restart(),
    suspend: () => server.suspend(),
    resume: () => server.resume(),
    proxy,
    close: () => server.stop(),
  };
}
