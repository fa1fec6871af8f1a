import type { Client } from 'pg';

/** One login per service and purpose, each with only the grants that it needs (see `migrations/`). */
export const postgresRoles = {
  create: 'shortstack_create',
  redirect: 'shortstack_redirect',
  redirectJobs: 'shortstack_redirect_jobs',
  worker: 'shortstack_worker',
  // `turbo gen service` adds roles above this line.
} as const;

export type ServiceRole = keyof typeof postgresRoles;
export type RolePasswords = Record<ServiceRole, string>;

/** A writing transaction ends within 5 s, so that readers of the outbox with 10 s of overlap miss nothing; but for these. */
const transactionTimeout: Partial<Record<ServiceRole, string>> = { redirectJobs: '30s' };

/** Makes the roles that are missing, and sets passwords and limits. Roles belong to the whole server. */
export async function ensureRoles(client: Client, passwords: RolePasswords): Promise<void> {
  for (const service of Object.keys(postgresRoles) as ServiceRole[]) {
    const role = client.escapeIdentifier(postgresRoles[service]);
    const password = client.escapeLiteral(passwords[service]);
    await ignoring(['42710', '23505'], client.query(`CREATE ROLE ${role} LOGIN NOINHERIT`));
    await ignoring(['XX000'], client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${password}`));
    await ignoring(
      ['XX000'],
      client.query(
        `ALTER ROLE ${role} SET transaction_timeout = '${transactionTimeout[service] ?? '5s'}'`,
      ),
    );
    await ignoring(
      ['XX000'],
      client.query(`ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '10s'`),
    );
    // Every statement of ours is short: compiling one would take longer than running it.
    await ignoring(['XX000'], client.query(`ALTER ROLE ${role} SET jit = off`));
  }
  // Without being a superuser, whoever migrates must be a member of worker to hand the click tables over to it.
  await ignoring(['XX000', '0LP01'], client.query(`GRANT ${postgresRoles.worker} TO CURRENT_USER`));
}

/** Another migration of the same server, of another database, may be doing the same thing at this moment. */
async function ignoring(codes: string[], query: Promise<unknown>): Promise<void> {
  await query.catch((error: unknown) => {
    if (!codes.includes((error as { code?: string }).code ?? '')) throw error;
  });
}
