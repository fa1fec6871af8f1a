import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { EphemeralServer, RedisOptions, Servers } from '../src/index.ts';
import { postgresClient, query, redisClient } from './connect.ts';

const configFile = fileURLToPath(new URL('../../../infra/redis/session.conf', import.meta.url));

export interface ServersContractOptions {
  open: () => Promise<Servers>;
  /** Names of whatever there is of this server outside of it: directories, containers, volumes. */
  traces: (server: EphemeralServer) => Promise<string[]>;
  /** Which of them are still there. */
  remaining: (traces: string[]) => Promise<string[]>;
}

/** What holds for servers of every backend. To be called within a `describe`. */
export function serversContract({ open, traces, remaining }: ServersContractOptions): void {
  let servers: Servers;
  /** One for several tests, since it takes long to make. Each leaves it running. */
  let postgres: EphemeralServer;
  beforeAll(async () => {
    servers = await open();
    postgres = await servers.startPostgres({
      password: 'p@ss word',
      settings: { max_connections: 37 },
    });
  });
  afterAll(() => servers.close());

  async function startRedis(options: RedisOptions = {}): Promise<EphemeralServer> {
    const server = await servers.startRedis(options);
    onTestFinished(() => server.stop());
    return server;
  }

  test('a Redis server starts empty, keeps nothing on disk, and is entered with its password alone', async () => {
    const password = 'with "quotes", a \\ and a space';
    const server = await startRedis({ password });
    const client = redisClient(server.url);
    expect(await client.dbsize()).toBe(0);
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    const stranger = redisClient(`redis://127.0.0.1:${server.port}`);
    await expect(stranger.get('a')).rejects.toThrow('NOAUTH');
  });

  test('a Redis server with users of its own is entered as the one that is named', async () => {
    const server = await startRedis({
      username: 'admin',
      password: 'secret-word',
      settings: { user: ['default off', 'admin on >secret-word ~* &* +@all'] },
    });
    expect(await redisClient(server.url).acl('WHOAMI')).toBe('admin');
    await expect(redisClient(`redis://127.0.0.1:${server.port}`).get('a')).rejects.toThrow(
      'NOAUTH',
    );
  });

  test('a configuration file is applied, then maxmemory, then further settings', async () => {
    const server = await startRedis({
      configFile,
      maxmemory: '32mb',
      settings: { appendfsync: 'no', 'client-output-buffer-limit': ['normal 1mb 1mb 1'] },
    });
    expect(await readFile(configFile, 'utf8')).toMatch(/^appendfsync always$/m);
    const client = redisClient(server.url);
    const setting = async (name: string) => ((await client.config('GET', name)) as string[])[1];
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('no');
    expect(await setting('maxmemory')).toBe(String(32 * 1024 * 1024));
    expect(await setting('client-output-buffer-limit')).toContain('normal 1048576 1048576 1');
  });

  test('a PostgreSQL server starts with its password, settings and order of strings', async () => {
    const { url } = postgres;
    expect(await query(url, `SELECT lower('ÄÉ') AS l, 'Z' < 'a' AS s, current_user AS u`)).toEqual([
      { l: 'äé', s: true, u: 'postgres' },
    ]);
    expect(await query(url, 'SHOW max_connections')).toEqual([{ max_connections: '37' }]);
    expect(await query(url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(await query(url, 'SHOW timezone')).toEqual([{ TimeZone: 'UTC' }]);
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
    await expect(query(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('many servers started at once get ports of their own, and a given port that is taken is an error that says so', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => startRedis()));
    expect(new Set(all.map(({ port }) => port)).size).toBe(all.length);
    const { port } = await startRedis();
    await expect(startRedis({ port })).rejects.toThrow(`Port ${port} is taken`);
  });

  test('a given port is used, and again after a server on it was killed or stopped', async () => {
    const first = await startRedis();
    const { port } = first;
    await first.stop();
    const second = await startRedis({ port });
    expect(second.port).toBe(port);
    await second.kill();
    const third = await startRedis({ port });
    expect(await redisClient(third.url).ping()).toBe('PONG');
  });

  test('a killed Redis refuses connections, and comes back at the same address with what it had stored', async () => {
    const server = await startRedis({ configFile, password: 'secret' });
    const { url } = server;
    await redisClient(url).set('kept', 'yes');
    const { exited } = server;
    await server.kill();
    await exited;
    expect(await isOpen(server)).toBe(false);
    await server.kill();

    await server.restart();
    expect(server.url).toBe(url);
    expect(await redisClient(url).get('kept')).toBe('yes');
  });

  test('a Redis without an append-only file comes back empty', async () => {
    const server = await startRedis();
    await redisClient(server.url).set('lost', 'yes');
    await server.kill();
    await server.restart();
    expect(await redisClient(server.url).dbsize()).toBe(0);
  });

  test('a server that ends by itself is noticed', async () => {
    const server = await startRedis();
    const { exited } = server;
    await redisClient(server.url)
      .shutdown('NOSAVE')
      .catch(() => {});
    await exited;
    expect(await isOpen(server)).toBe(false);
  });

  test('a killed PostgreSQL comes back at the same address with all that was committed, again and again', async () => {
    const { url } = postgres;
    await query(url, 'CREATE TABLE kept (n int)');
    for (const n of [1, 2]) {
      await query(url, `INSERT INTO kept VALUES (${n})`);
      await postgres.kill();
      await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await postgres.restart();
      expect(await query(url, 'SELECT max(n) FROM kept')).toEqual([{ max: n }]);
    }
  });

  test('a suspended Redis keeps its connections and answers nothing until it is resumed', async () => {
    const server = await startRedis();
    const client = redisClient(server.url, { commandTimeout: 100 });
    await client.ping();
    await server.suspend();
    await expect(client.ping()).rejects.toThrow('Command timed out');
    await server.resume();
    await server.resume();
    expect(await client.ping()).toBe('PONG');
    expect(client.status).toBe('ready');
  });

  test('a suspended PostgreSQL answers on no connection, old or new, until it is resumed', async () => {
    const client = await postgresClient(postgres.url, { query_timeout: 100 });
    await client.query('SELECT 1');
    await postgres.suspend();
    await expect(client.query('SELECT 1')).rejects.toThrow('timeout');
    await expect(postgresClient(postgres.url, { connectionTimeoutMillis: 100 })).rejects.toThrow(
      'timeout',
    );
    await postgres.resume();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('suspended servers can be killed and restarted, and stopped', async () => {
    const redis = await startRedis();
    for (const server of [redis, postgres]) {
      await server.suspend();
      await server.kill();
      expect(await isOpen(server)).toBe(false);
      await server.restart();
      expect(await isOpen(server)).toBe(true);
    }
    await redis.suspend();
    await redis.stop();
    expect(await isOpen(redis)).toBe(false);
  });

  test('stop, and close for the rest, leave nothing behind, also of killed and suspended servers; stop may be called again', async () => {
    const own = await open();
    const all = await Promise.all([
      own.startRedis({ configFile }),
      own.startPostgres({ password: 'test' }),
      own.startRedis(),
    ]);
    const [stopped, suspended, killed] = all;
    const before = (await Promise.all(all.map(traces))).flat();
    expect(before.length).toBeGreaterThanOrEqual(all.length);
    expect(await remaining(before)).toEqual(before);
    await stopped.stop();
    await stopped.stop();
    await killed.kill();
    await suspended.suspend();
    await own.close();
    expect(await remaining(before)).toEqual([]);
    expect(await Promise.all(all.map(isOpen))).toEqual([false, false, false]);
  });

  test('a wrong setting fails the start with what the server says about it', async () => {
    await expect(startRedis({ settings: { 'maxmemory-policy': 'everything' } })).rejects.toThrow(
      /exit code 1[\s\S]*maxmemory-policy/,
    );
    await expect(
      servers.startPostgres({ password: 'test', settings: { max_connections: 'many' } }),
    ).rejects.toThrow(/exit code 1[\s\S]*max_connections/);
  });
}

async function isOpen({ port }: EphemeralServer): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
