import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  findRedisServer,
  type RedisServer,
  type StartRedisOptions,
  startRedis,
} from '../src/index.ts';
import { commandLine } from '../src/running-process.ts';
import { redisClient } from './connect.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function start(options: StartRedisOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

test('a server with a password is entered with its url and not without the password', async () => {
  const password = 'with "quotes", a \\ and a space';
  const server = await start({ ephemeral: true, password });
  expect(await redisClient(server.url).ping()).toBe('PONG');
  const stranger = redisClient(`redis://127.0.0.1:${server.port}`);
  await expect(stranger.get('a')).rejects.toThrow('NOAUTH');
});

test('the password is in no command line', async () => {
  const server = await start({ ephemeral: true, password: 'secret-word' });
  const shown = await commandLine(server.pid);
  expect(shown).toContain(`127.0.0.1:${server.port}`);
  expect(shown).not.toContain('secret-word');
});

test('data with an append-only file outlives SIGKILL', async () => {
  const dataDirectory = await temporaryDirectory();
  const options = { dataDirectory, settings: { appendonly: 'yes', appendfsync: 'always' } };
  const first = await start(options);
  await redisClient(first.url).set('kept', 'yes');
  first.kill('SIGKILL');
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });

  const second = await start({ ...options, port: first.port });
  expect(second.port).toBe(first.port);
  expect(await redisClient(second.url).get('kept')).toBe('yes');
});

test('stop shuts down in good order, also a second time and when suspended', async () => {
  const dataDirectory = await temporaryDirectory();
  const server = await start({ dataDirectory });
  server.kill('SIGSTOP');
  await server.stop();
  await server.stop();
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('an ephemeral server leaves nothing behind', async () => {
  const server = await start({ ephemeral: true });
  const [, directory] = (await redisClient(server.url).config('GET', 'dir')) as string[];
  await server.stop();
  await expect(stat(String(directory))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('many servers started at once each get a port of their own', async () => {
  const servers = await Promise.all(Array.from({ length: 6 }, () => start({ ephemeral: true })));
  expect(new Set(servers.map(({ port }) => port)).size).toBe(servers.length);
});

test('a given port that is taken is an error that says so', async () => {
  const taken = await start({ ephemeral: true });
  await expect(startRedis({ ephemeral: true, port: taken.port })).rejects.toThrow(
    `Port ${taken.port} is taken`,
  );
});

test('a second server on a data directory is refused', async () => {
  const dataDirectory = await temporaryDirectory();
  await start({ dataDirectory });
  await expect(startRedis({ dataDirectory })).rejects.toThrow('already runs on');
});

test('a setting that Redis refuses fails the start with what Redis says about it', async () => {
  await expect(
    startRedis({ ephemeral: true, settings: { 'maxmemory-policy': 'everything' } }),
  ).rejects.toThrow(/exit code 1[\s\S]*maxmemory-policy/);
});

test('without redis-server, valkey-server is used, and without either it says what to install', async () => {
  const directory = await temporaryDirectory();
  await expect(findRedisServer(directory)).rejects.toThrow('apt install redis-server');
  const valkey = join(directory, 'valkey-server');
  await writeFile(valkey, '', { mode: 0o755 });
  expect(await findRedisServer(`/nowhere:${directory}`)).toBe(valkey);
});
