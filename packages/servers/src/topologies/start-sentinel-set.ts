import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RunningServer } from '../running-server.ts';
import { startRedis } from '../start-redis.ts';
import { startSentinel } from './start-sentinel.ts';
import type { Topology } from './topology.ts';

const name = 'main';
const password = 'test-server';
const sentinelPassword = 'test-sentinel';
const TIMEOUT_MS = 30_000;

export interface SentinelSet extends Topology {
  /** Kills the master; resolves once the Sentinels name another one that takes writes (2 to 4 s). */
  failOver(): Promise<void>;
}

/**
 * Starts a master, two replicas of it and three Sentinels that watch it, and resolves once all know each other (3 s). The
 * Sentinels take a server for away after 1 s.
 */
export async function startSentinelSet(): Promise<SentinelSet> {
  const servers: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };
  const add = async (start: Promise<RunningServer>): Promise<RunningServer> => {
    const server = await start;
    servers.push(server);
    return server;
  };
  try {
    const settings = { masterauth: password, 'repl-diskless-sync-delay': 0 };
    const master = await add(startRedis({ ephemeral: true, password, settings }));
    const replica = { ...settings, replicaof: `127.0.0.1 ${master.port}` };
    await add(startRedis({ ephemeral: true, password, settings: replica }));
    await add(startRedis({ ephemeral: true, password, settings: replica }));
    await until(async () => (await replicasOf(master.url)) === 2, 'The replicas did not follow');

    const sentinels: RunningServer[] = [];
    for (let i = 0; i < 3; i += 1) {
      const options = { name, quorum: 2, downAfterMs: 1_000, password: sentinelPassword };
      const watched = { masterPort: master.port, masterPassword: password };
      sentinels.push(await add(startSentinel({ ...options, ...watched })));
    }
    for (const { url } of sentinels) {
      await until(() => knowsAll(url), 'The Sentinels did not find each other');
    }
    const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const query = `master=${name}&sentinelPassword=${sentinelPassword}`;
    return {
      connection: { url: `redis+sentinel://:${password}@${hosts}/0?${query}` },
      async failOver() {
        const [url = ''] = sentinels.map((sentinel) => sentinel.url);
        const before = await masterPort(url);
        const current = servers.find(({ port }) => port === before);
        current?.kill('SIGKILL');
        await until(async () => {
          const port = await masterPort(url);
          const next = servers.find((server) => server.port === port);
          return next !== undefined && next !== current && (await isMaster(next.url));
        }, 'No replica took over');
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function replicasOf(url: string): Promise<number> {
  const info = await ask(url, (client) => client.info('replication'));
  return info.match(/^slave\d+:.*state=online/gm)?.length ?? 0;
}

async function isMaster(url: string): Promise<boolean> {
  return (await ask(url, (client) => client.info('replication'))).includes('role:master');
}

async function knowsAll(url: string): Promise<boolean> {
  const fields = await ask(
    url,
    (client) => client.call('SENTINEL', 'MASTER', name) as Promise<string[]>,
  );
  const value = (key: string) => fields[fields.indexOf(key) + 1];
  return value('num-slaves') === '2' && value('num-other-sentinels') === '2';
}

async function masterPort(url: string): Promise<number> {
  const [, port] = await ask(
    url,
    (client) =>
      client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name) as Promise<[string, string]>,
  );
  return Number(port);
}

async function ask<T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    enableReadyCheck: false,
    retryStrategy: () => null,
    commandTimeout: 1_000,
  });
  client.on('error', () => {});
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

async function until(condition: () => Promise<boolean>, failure: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${failure} within ${TIMEOUT_MS} ms.`);
    await pause(20);
  }
}
