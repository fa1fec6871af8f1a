import { createHash } from 'node:crypto';
import { connection, type Grant } from './grants.ts';
import { type RedisName, type RedisUser, redisUsers } from './redis-users.ts';

/**
 * The password of a user on a server, or all of them while they are being rotated; undefined leaves the user without one, so that
 * nobody can sign in as it.
 */
export type PasswordOf = (
  server: RedisName,
  user: RedisUser,
) => string | readonly string[] | undefined;

/**
 * The ACL file of a server, one line per user. Passwords stand in it as SHA-256 hashes, which is enough only because
 * they are random and long. The user `default`, whom Redis takes for everybody who has not signed in, is off: nobody can be it. It
 * still has all permissions, because Redis loads its append-only file as that user, and would leave out of transactions and
 * scripts whatever it is denied.
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export function aclFile(server: RedisName, passwordOf: PasswordOf): string {
  const services = Object.entries(redisUsers[server]) as [RedisUser, readonly Grant[]][];
  const users: [RedisUser, string][] = [
    ['admin', '~* &* +@all'],
    ['health', nothingBut('+ping')],
    ...services.map(([user, grants]): [RedisUser, string] => [user, rules(grants)]),
  ];
  const lines = users.map(([user, permitted]) => {
    const hashes = [passwordOf(server, user) ?? []]
      .flat()
      .map((password) => ` #${passwordHash(password)}`);
    return `user ${user} on${hashes.join('')} ${permitted}\n`;
  });
  return `user default off resetpass ~* &* +@all\n${lines.join('')}`;
}

function rules(grants: readonly Grant[]): string {
  return nothingBut(
    ...commandRules(connection),
    ...grants.map((grant) => `(${selector(grant).join(' ')})`),
  );
}

function selector(grant: Grant): string[] {
  return [
    ...(grant.keys ?? []).map((pattern) => `~${pattern}`),
    ...(grant.channels ?? []).map((pattern) => `&${pattern}`),
    ...commandRules(grant),
  ];
}

function commandRules({ commands }: Grant): string[] {
  return commands.split(' ').map((command) => (command.startsWith('-') ? command : `+${command}`));
}

function nothingBut(...permitted: string[]): string {
  return ['resetkeys', 'resetchannels', '-@all', ...permitted].join(' ');
}

/** As Redis keeps passwords. */
export function passwordHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
