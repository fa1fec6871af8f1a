import type { RolePasswords } from '@shortstack/db';

/** For servers that only this test run can reach and that are gone after it. */
export const rolePasswords: RolePasswords = {
  create: 'test-create',
  redirect: 'test-redirect',
  redirectJobs: 'test-redirect-jobs',
  worker: 'test-worker',
};
