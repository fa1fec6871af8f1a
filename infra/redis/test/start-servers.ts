import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@shortstack/servers';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { aclFile } from '../src/acl-file.ts';
import { type RedisName, type RedisUser, redisNames } from '../src/redis-users.ts';

const secrets = new Map<string, string>();

export function passwordOf(server: RedisName, user: RedisUser): string {
  const name = `${server}-${user}`;
  const password = secrets.get(name) ?? randomBytes(24).toString('base64url');
  secrets.set(name, password);
  return password;
}

/** A server per role, each with its ACL file; they end with the test file. Returns their ports. */
export async function startServers(): Promise<Record<RedisName, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-acl-'));
  const servers = await Promise.all(
    redisNames.map((name) => {
      const aclPath = join(directory, `${name}.acl`);
      writeFileSync(aclPath, aclFile(name, passwordOf), { mode: 0o600 });
      return startRedis({
        ephemeral: true,
        username: 'admin',
        password: passwordOf(name, 'admin'),
        // So that DEBUG is refused for want of a permission, and not to everybody.
        settings: { aclfile: `"${aclPath}"`, 'enable-debug-command': 'yes' },
      });
    }),
  );
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(directory, { recursive: true });
  });
  return Object.fromEntries(
    redisNames.map((name, index) => [name, servers[index]?.port]),
  ) as Record<RedisName, number>;
}

/** A connection that tries nothing twice; it ends with the test file. */
export async function connectAs(
  port: number,
  credentials: { username?: string; password?: string } = {},
): Promise<Redis> {
  const client = new Redis({
    port,
    ...credentials,
    lazyConnect: true,
    // HELLO would be refused to whom has no password.
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
  });
  afterAll(() => client.disconnect());
  await client.connect();
  return client;
}
