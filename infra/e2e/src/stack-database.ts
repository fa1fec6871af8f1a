import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { postgresRoles, type RolePasswords, type ServiceRole } from '@shortstack/db';
import {
  createFaultProxy,
  createTestDatabase,
  type FaultProxy,
  type PortClaim,
  startTestPostgres,
} from '@shortstack/testing';
import { Client } from 'pg';
import { passwordSettings } from '../../postgres/src/password-settings.ts';
import { onPort } from './redis-servers.ts';
import { pinnedNode, thisCheckout } from './service-process.ts';

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

const passwords = Object.fromEntries(
  Object.keys(postgresRoles).map((role) => [role, `e2e-password-${role}`]),
) as RolePasswords;

const MIGRATION_MS = 60_000;

/** A database of the caller's own on the one server of this test run: quick, and to be left running. */
export function sharedPostgres(): Promise<StackDatabase> {
  return createTestDatabase();
}

/**
 * A PostgreSQL server that belongs to this stack alone (about 2 s), migrated to the version of the checkout at `root`.
 * It ends with the test file.
 */
export async function ownPostgres(
  ports: PortClaim,
  hasProxy: boolean,
  root: string = thisCheckout,
): Promise<OwnPostgres> {
  const server = await startTestPostgres({ port: ports.next(), password: 'test' });
  const proxy = hasProxy ? await createFaultProxy({ targetPort: server.port }) : undefined;
  const ownerUrl = Object.assign(new URL(server.url), { pathname: 'shortstack' }).href;
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE shortstack');
  await client.end();
  await migrateFrom(root, ownerUrl);
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

/** Migrates with the command of the checkout at `root`, as whoever upgrades does. */
export async function migrateFrom(root: string, ownerUrl: string): Promise<void> {
  const command = ['--conditions=source', 'infra/postgres/src/main.ts'];
  await promisify(execFile)(pinnedNode(root), command, {
    cwd: root,
    timeout: MIGRATION_MS,
    env: {
      DATABASE_OWNER_URL: ownerUrl,
      ...Object.fromEntries(passwordSettings.map(([role, setting]) => [setting, passwords[role]])),
    },
  });
}
