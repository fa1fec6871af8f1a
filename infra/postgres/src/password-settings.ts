import { postgresRoles, type ServiceRole } from '@shortstack/db';

type Roles = typeof postgresRoles;
type SettingOf<Role extends ServiceRole> = Roles[Role] extends `shortstack_${infer Name}`
  ? `DATABASE_PASSWORD_${Uppercase<Name>}`
  : never;
export type PasswordSetting = SettingOf<ServiceRole>;

/** The setting by which `db:migrate` is told the password of each role, such as DATABASE_PASSWORD_REDIRECT_JOBS. */
export const passwordSettings = Object.entries(postgresRoles).map(([role, name]) => [
  role,
  name.replace('shortstack', 'database_password').toUpperCase(),
]) as [ServiceRole, PasswordSetting][];
