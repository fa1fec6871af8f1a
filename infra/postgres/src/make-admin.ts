import { defineConfig, loadConfig } from '@shortstack/config';
import { makeAdmin } from '@shortstack/db';
import { ownerSettings } from './migrate-config.ts';

const usage = 'Usage: npm run db:make-admin -- someone@example.com';

try {
  const [email] = process.argv.slice(2);
  if (email === undefined) throw new Error(usage);
  const config = loadConfig(defineConfig(ownerSettings), process.env);
  await makeAdmin({ ownerUrl: config.DATABASE_OWNER_URL, email });
  console.log(`${email} is an administrator from the next sign-in on.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
