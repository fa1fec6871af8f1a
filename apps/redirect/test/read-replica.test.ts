import { openTestPool, startReplicatedDatabase, until } from '@shortstack/testing';
import type { Pool } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { changeLink, insertLink } from './links.ts';
import { type Instance, startStack } from './start-redirect.ts';

const database = await startReplicatedDatabase();
const stack = await startStack(database);
const { sql } = stack;
const replica = await openTestPool(database.replicaOwnerUrl);
let isReplicaUp = true;
afterEach(async () => {
  if (isReplicaUp) await replica.query('SELECT pg_wal_replay_resume()');
});

const [oldTarget, newTarget] = ['https://old.example/', 'https://new.example/'];

/** An instance that reads from the replica, with nothing in its memory and without the shared cache. */
async function start(): Promise<Instance> {
  const instance = await stack.startHttp({
    DATABASE_READ_URL: database.replicaUrlFor('redirect'),
    REDIS_CACHE_URL: stack.redis.cache.url,
  });
  await until(async () => (await instance.metric('shortstack_redirect_replica_fresh')) === 1);
  return instance;
}

const isFresh = async (instance: Instance) =>
  (await instance.metric('shortstack_redirect_replica_fresh')) === 1;

async function targetAt(instance: Instance, { slug }: { slug: string }) {
  const { status, headers } = await instance.get(`/${slug}`);
  return status === 302 ? headers.location : status;
}

/** How often links were read, by the statistics of the server itself. */
async function readsOn(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    `SELECT coalesce(sum(idx_scan), 0) + coalesce(sum(seq_scan), 0) AS n FROM pg_stat_user_tables WHERE relname = 'links'`,
  );
  return Number(rows[0]?.n);
}

async function untilReplayed(): Promise<void> {
  const { rows } = await sql.query<{ at: string }>('SELECT pg_current_wal_insert_lsn() AS at');
  await until(async () => {
    const found = await replica.query<{ has_it: boolean }>(
      'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS has_it',
      [rows[0]?.at],
    );
    return found.rows[0]?.has_it;
  });
}

test('a link that no cache has is read from the replica', async () => {
  const link = await insertLink(sql, { url: oldTarget });
  await untilReplayed();
  const instance = await start();
  const before = await readsOn(replica);
  expect(await targetAt(instance, link)).toBe(oldTarget);
  await until(async () => (await readsOn(replica)) > before, {
    message: 'the replica was not asked',
  });
});

test('a link made while the replica lags is found at once', async () => {
  const instance = await start();
  await replica.query('SELECT pg_wal_replay_pause()');
  const link = await insertLink(sql, { url: newTarget });
  expect(await targetAt(instance, link)).toBe(newTarget);
});

test('a link changed while the replica lags is followed nowhere as it was after 5 s, and the replica is left alone until it has caught up', async () => {
  const link = await insertLink(sql, { url: oldTarget });
  await untilReplayed();
  const [first, second] = [await start(), await start()];
  await replica.query('SELECT pg_wal_replay_pause()');
  expect(await targetAt(first, link)).toBe(oldTarget);
  await changeLink(sql, link, { url: newTarget });
  const changedAt = performance.now();
  // Neither may ever go back to what it was.
  for (const instance of [first, second]) {
    await until(async () => (await targetAt(instance, link)) === newTarget);
  }
  expect(performance.now() - changedAt).toBeLessThan(5_000);
  await until(async () => !(await isFresh(first)) && !(await isFresh(second)));
  await stack.redis.cache.kill();
  await stack.redis.cache.restart();
  for (const instance of [first, second, await stack.startHttp()]) {
    expect(await targetAt(instance, link)).toBe(newTarget);
  }
  await replica.query('SELECT pg_wal_replay_resume()');
  await until(() => isFresh(first), { message: 'the replica is used again' });
});

test('a link that this instance has heard a change of is read from the primary, however fresh the replica seems', async () => {
  const link = await insertLink(sql, { url: oldTarget });
  await untilReplayed();
  const instance = await start();
  expect(await targetAt(instance, link)).toBe(oldTarget);
  await replica.query('SELECT pg_wal_replay_pause()');
  await changeLink(sql, link, { url: newTarget });
  // From the first answer that is new on, all are.
  await until(async () => (await targetAt(instance, link)) === newTarget);
  for (let times = 0; times < 20; times += 1) {
    await stack.redis.cache.kill();
    await stack.redis.cache.restart();
    expect(await targetAt(instance, link)).toBe(newTarget);
    if (!(await isFresh(instance))) break;
  }
});

test('while the replica is away, links are read from the primary', async () => {
  const instance = await start();
  const link = await insertLink(sql, { url: oldTarget });
  await untilReplayed();
  isReplicaUp = false;
  await database.stopReplica();
  expect(await targetAt(instance, link)).toBe(oldTarget);
});
