import { postgresRoles } from '@shortstack/db';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  type RedisName,
  redisNames,
  type ServiceUser,
  serviceUsers,
} from '../../redis/src/redis-users.ts';
import { redisPassword } from './redis-servers.ts';
import type { LocalStack } from './start-stack.ts';

/** The URL with which a user signs in to a server of the stack. */
export function redisUrlOf(stack: LocalStack, server: RedisName, user: ServiceUser): string {
  const credential = { username: user, password: redisPassword(server, user) };
  return Object.assign(new URL(stack.redis[server].url), credential).href;
}

/** Every user name and password of these processes, on whichever server. */
export function redisCredentials(
  users: readonly ServiceUser[],
): { user: ServiceUser; password: string }[] {
  return redisNames.flatMap((server) =>
    users
      .filter((user) => serviceUsers(server).includes(user))
      .map((user) => ({ user, password: String(redisPassword(server, user)) })),
  );
}

/** How Redis says that somebody may not: in a script 7.0 and later versions have words of their own. */
export const refusal =
  /^(NOPERM|WRONGPASS|NOAUTH) |(ERR )?The user executing the script can't |^ERR ACL failure in script: /;

/** Sends commands, their words parted by spaces; returns those that the server did not refuse, with its answer. */
export async function notRefused(url: string, commands: readonly string[]): Promise<string[]> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    // Who has not signed in may not even ask for these.
    enableReadyCheck: false,
    protocol: 2,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const done: string[] = [];
    // One by one: Redis 8 answers only some of what comes at once from a client that has not signed in.
    for (const text of commands) {
      const [command = '', ...args] = text.split(' ');
      const answer = await client.call(command, ...args).then(
        (reply) => JSON.stringify(reply),
        ({ message }: Error) => (refusal.test(message) ? undefined : message),
      );
      if (answer !== undefined) done.push(`${text}: ${answer}`);
    }
    return done;
  } finally {
    client.disconnect();
  }
}

/** Runs statements as a role; returns those that PostgreSQL did not refuse for want of a privilege. */
export async function notRefusedSql(
  stack: LocalStack,
  role: keyof typeof postgresRoles,
  statements: readonly string[],
): Promise<string[]> {
  const client = new Client({ connectionString: stack.postgres?.urlFor(role) });
  await client.connect();
  const done: string[] = [];
  try {
    for (const statement of statements) {
      const code = await client.query(statement).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      if (code !== '42501') done.push(`${role}: ${statement}: ${code}`);
    }
  } finally {
    await client.end();
  }
  return done;
}

/** What a role may write, by the grants of PostgreSQL itself: `UPDATE links.spent_clicks`, `INSERT clicks`. */
export async function writableBy(
  stack: LocalStack,
  role: keyof typeof postgresRoles,
): Promise<string[]> {
  const rows = await stack.sql<{ grant: string }>(
    `SELECT DISTINCT privilege || ' ' || relname || CASE WHEN whole THEN '' ELSE '.' || attname END AS grant
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
      CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
      CROSS JOIN LATERAL (SELECT has_table_privilege($1, c.oid, privilege) AS whole) w
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
        AND (whole OR privilege IN ('INSERT', 'UPDATE') AND has_column_privilege($1, c.oid, attname, privilege))
      ORDER BY 1`,
    [postgresRoles[role]],
  );
  return rows.map(({ grant }) => grant);
}
