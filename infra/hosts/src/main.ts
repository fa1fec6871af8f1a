import { backUpDatabase, restoreDatabase } from './back-up-database.ts';
import { backUpSessions, restoreSessions } from './back-up-sessions.ts';
import { docker, project } from './compose.ts';
import { usualHosts } from './kinds.ts';
import { rotateAuthority } from './rotate-authority.ts';
import { rotateCertificates } from './rotate-certificates.ts';
import { rotatePasswords } from './rotate-passwords.ts';
import { knownHosts, siteOf } from './site.ts';
import { build, down, status, up } from './up.ts';

const usage = `npm run hosts -- …
  up [HOST…]                 builds the images and starts these hosts (default: ${usualHosts.join(' ')})
  down [HOST…] [--volumes]   stops them, and forgets what they hold
  up watch                   metrics, alerts, logs and traces of them
  status                     what runs
  compose HOST …             docker compose, on the project of that host
  rotate-passwords           gives every user of every server a new password, while all runs
  rotate-certificates        gives every server a new certificate, while all runs
  rotate-authority           replaces what signs them, while all runs
  back-up-sessions           prints the name of the file
  restore-sessions FILE
  back-up-database           prints the name of the base backup
  restore-database BASE [MOMENT]   takes it back to a moment since then, as in '2026-11-26 10:00:00+00'`;

const site = siteOf(process.env);
const [command, ...rest] = process.argv.slice(2);
const named = rest.filter((each) => !each.startsWith('--'));
const hosts = (otherwise: readonly string[]) => (named.length > 0 ? named : otherwise);

const commands: Record<string, () => Promise<void>> = {
  async up() {
    await build();
    await up(site, hosts(usualHosts));
    console.log(
      `The app is at https://localhost:${site.appPort}, short links at https://localhost:${site.shortPort}.`,
    );
  },
  down: () => down(site, hosts(knownHosts(site)), rest.includes('--volumes')),
  status: () => status(site),
  'rotate-passwords': () => rotatePasswords(site),
  'rotate-authority': () => rotateAuthority(site),
  'rotate-certificates': () => rotateCertificates(site),
  'back-up-sessions': async () => console.log(await backUpSessions(site)),
  'restore-sessions': () => restoreSessions(site, rest[0] ?? ''),
  'back-up-database': async () => console.log(await backUpDatabase(site)),
  'restore-database': () => restoreDatabase(site, rest[0] ?? '', rest[1]),
  compose: () => docker([...project(site, rest[0] ?? ''), ...rest.slice(1)]),
};

try {
  const run = commands[command ?? ''];
  if (run) await run();
  else console.log(usage);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
