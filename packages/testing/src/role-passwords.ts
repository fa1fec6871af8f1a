import { postgresRoles, type RolePasswords } from '@shortstack/db';

/** For servers that only this test run can reach and that are gone after it. */
export const rolePasswords = Object.fromEntries(
  Object.keys(postgresRoles).map((role) => [role, `test-${role}`]),
) as RolePasswords;
