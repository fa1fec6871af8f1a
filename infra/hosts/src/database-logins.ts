import { postgresRoles } from '@shortstack/db';
import { execIn } from './compose.ts';
import { databaseLogin } from './lay-out-files.ts';
import type { Site } from './site.ts';
import type { Vault } from './vault.ts';

/**
 * Opens the next login of each role. PostgreSQL keeps one password per role, so each has two logins that take turns: the
 * role itself, and `<role>_b`, which becomes the role as it signs in and has the same settings.
 */
export function openNextLogins(site: Site, host: string, vault: Vault): Promise<void> {
  const statements = Object.values(postgresRoles).map((role) => {
    const second = databaseLogin(role, 1);
    const login = databaseLogin(role, vault.rotations);
    const password = vault.secrets.password(
      role.replace('shortstack_', 'postgres-').replaceAll('_', '-'),
    );
    return `
      SELECT 'CREATE ROLE ${second} NOINHERIT' WHERE to_regrole('${second}') IS NULL \\gexec
      GRANT ${role} TO ${second};
      SELECT format('ALTER ROLE ${second} SET %s TO %L', split_part(s, '=', 1), substr(s, strpos(s, '=') + 1))
        FROM pg_db_role_setting, unnest(setconfig) s
       WHERE setrole = '${role}'::regrole AND setdatabase = 0 \\gexec
      ALTER ROLE ${second} SET role = '${role}';
      ALTER ROLE ${login} LOGIN PASSWORD '${password}';`;
  });
  const owner = `ALTER ROLE postgres PASSWORD '${vault.secrets.password('postgres')}';`;
  return sql(site, host, [...statements, owner].join('\n'));
}

/** Closes the logins that had their turn. Connections that are open stay. */
export function closeLastLogins(site: Site, host: string, vault: Vault): Promise<void> {
  const logins = Object.values(postgresRoles).map((role) =>
    databaseLogin(role, vault.rotations + 1),
  );
  return sql(site, host, logins.map((login) => `ALTER ROLE ${login} PASSWORD NULL;`).join('\n'));
}

async function sql(site: Site, host: string, statements: string): Promise<void> {
  const psql = ['psql', '--username=postgres', '--dbname=shortstack', '--no-psqlrc', '--quiet'];
  await execIn(site, host, 'postgres', [...psql, '--set=ON_ERROR_STOP=1'], statements);
}
