import { createDatabase } from '@shortstack/db';
import { startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { Client, type Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { deleteExpiredLinks, ringOutbox } from '../src/data/expired-links.ts';
import {
  deleteCountedBatches,
  deleteIdempotencyKeys,
  deleteVisitorSalts,
} from '../src/data/outdated-records.ts';
import { createCleanUpLinks } from '../src/jobs/clean-up-links.ts';
import { createCleanUpRecords } from '../src/jobs/clean-up-records.ts';
import { openDatabase, startWorkerJobs } from './start-worker.ts';

const now = new Date('2026-11-21T12:00:00Z');
const signal = new AbortController().signal;

async function openAsWorker() {
  const { database, owner } = await openDatabase();
  const worker = createDatabase({ url: database.urlFor('worker'), applicationName: 'test' });
  onTestFinished(() => worker.close());
  const cleanUp = createCleanUpLinks({
    deleteExpired: (before, limit) => deleteExpiredLinks(worker, before, limit),
    ring: () => ringOutbox(worker),
    retentionDays: 30,
    now: () => now,
  });
  return { database, owner, worker, cleanUp: () => cleanUp(signal) };
}

async function addAccount(owner: Pool, email: string): Promise<string> {
  const { rows } = await owner.query(
    `INSERT INTO accounts (email, password_hash, session_tag) VALUES ($1, '', '') RETURNING id`,
    [email],
  );
  return rows[0].id;
}

/** Adds links that expired so many days before `now`; null: never. */
async function addLinks(owner: Pool, accountId: string, links: Record<string, number | null>) {
  for (const [slug, days] of Object.entries(links)) {
    const expiresAt = days === null ? null : new Date(now.getTime() - days * 86_400_000);
    await owner.query(
      `INSERT INTO links (account_id, slug, url, expires_at) VALUES ($1, $2, 'https://a.test/', $3)`,
      [accountId, slug, expiresAt],
    );
  }
}

test('links that expired longer ago than the retention are deleted, and an event per account tells of them', async () => {
  const { database, owner, cleanUp } = await openAsWorker();
  const [ann, bob] = [await addAccount(owner, 'ann@a.test'), await addAccount(owner, 'bob@a.test')];
  await addLinks(owner, ann, { old1: 31, old2: 300, recent: 29, never: null, future: -1 });
  await addLinks(owner, bob, { old3: 31 });
  const heard = await listen(database.urlFor('create'));

  expect(await cleanUp()).toBe('deleted 3 expired links');
  const { rows: links } = await owner.query(
    'SELECT slug, version::int, deleted_at IS NOT NULL AS "isDeleted" FROM links ORDER BY slug',
  );
  const kept = { version: 1, isDeleted: false };
  const gone = { version: 2, isDeleted: true };
  expect(links).toEqual([
    { slug: 'future', ...kept },
    { slug: 'never', ...kept },
    { slug: 'old1', ...gone },
    { slug: 'old2', ...gone },
    { slug: 'old3', ...gone },
    { slug: 'recent', ...kept },
  ]);
  const { rows: events } = await owner.query('SELECT type, payload FROM outbox');
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({
    type: 'link.deleted',
    payload: {
      accountId: ann,
      links: expect.arrayContaining([
        { id: expect.any(Number), slug: 'old1', version: 2 },
        { id: expect.any(Number), slug: 'old2', version: 2 },
      ]),
    },
  });
  await until(() => heard.length > 0, { message: 'the relay was not told' });
  expect(await cleanUp()).toBeNull();
});

test('more expired links than fit into a transaction are deleted in several', async () => {
  const { owner, cleanUp } = await openAsWorker();
  await owner.query(
    `INSERT INTO links (account_id, slug, url, expires_at)
     SELECT $1, 's' || n, 'https://a.test/', $2 FROM generate_series(1, 2500) AS n`,
    [await addAccount(owner, 'ann@a.test'), new Date(0)],
  );
  expect(await cleanUp()).toBe('deleted 2500 expired links');
  const { rows } = await owner.query(
    `SELECT jsonb_array_length(payload->'links') AS links FROM outbox ORDER BY id`,
  );
  expect(rows.map(({ links }) => links)).toEqual([1_000, 1_000, 500]);
});

test('a link whose expiry is being put off is not deleted under its owner', async () => {
  const { owner, cleanUp } = await openAsWorker();
  await addLinks(owner, await addAccount(owner, 'ann@a.test'), { old: 31 });
  const client = await owner.connect();
  await client.query('BEGIN');
  await client.query('UPDATE links SET expires_at = NULL');
  expect(await cleanUp()).toBeNull();
  await client.query('COMMIT');
  client.release();
  expect(await cleanUp()).toBeNull();
});

test('records are deleted once they have served their purpose, and not before', async () => {
  const { owner, worker } = await openAsWorker();
  const account = await addAccount(owner, 'ann@a.test');
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  for (const [key, hours] of Object.entries({ fresh: 23, old: 25 })) {
    await owner.query(
      `INSERT INTO idempotency_keys (account_id, key, request_hash, status, body, created_at) VALUES ($1, $2, '', 201, '{}', $3)`,
      [account, key, hoursAgo(hours)],
    );
  }
  await owner.query(
    `INSERT INTO idempotency_keys (account_id, key, request_hash, status, body, created_at)
     SELECT $1, 'bulk' || n, '', 201, '{}', $2 FROM generate_series(1, 1500) AS n`,
    [account, hoursAgo(30)],
  );
  for (const days of [29, 31]) {
    await owner.query(
      `INSERT INTO counted_batches (boot_id, sequences, updated_at) VALUES (gen_random_uuid(), '{[1,2]}', $1)`,
      [hoursAgo(days * 24)],
    );
  }
  await owner.query(
    `INSERT INTO visitor_salts (day, salt) VALUES ('2026-11-21', ''), ('2026-11-20', ''), ('2026-11-19', '')`,
  );
  const cleanUp = createCleanUpRecords({
    deleteIdempotencyKeys: (before, limit) => deleteIdempotencyKeys(worker, before, limit),
    deleteCountedBatches: (before, limit) => deleteCountedBatches(worker, before, limit),
    deleteVisitorSalts: (day) => deleteVisitorSalts(worker, day),
    now: () => now,
  });

  expect(await cleanUp(signal)).toBe('deleted 1503 outdated records');
  const keys = await owner.query('SELECT key FROM idempotency_keys');
  expect(keys.rows).toEqual([{ key: 'fresh' }]);
  expect((await owner.query('SELECT FROM counted_batches')).rowCount).toBe(1);
  const salts = await owner.query('SELECT day::text FROM visitor_salts ORDER BY day');
  expect(salts.rows.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21']);
  expect(await cleanUp(signal)).toBeNull();
});

test('a process that is killed is swept from the registry', { timeout: 30_000 }, async () => {
  const { database } = await openDatabase();
  const hub = await startTestRedis();
  const { config, internalUrl } = await startWorkerJobs(database, { REDIS_HUB_URL: hub.url });
  const client = new Redis(hub.url);
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  const index = 'registry:{instances}:index';
  await client.sadd(index, 'redirect/killed');

  await until(async () => (await client.sismember(index, 'redirect/killed')) === 0, {
    deadlineMs: 10_000,
  });
  expect(await client.smembers(index)).toEqual([`worker/${config.INSTANCE_ID}`]);
  const metrics = await (await fetch(`${internalUrl}/metrics`)).text();
  expect(metrics).toMatch(/shortstack_job_last_success_timestamp_seconds\{.*job="sweep-registry"/);
});

async function listen(url: string): Promise<string[]> {
  const heard: string[] = [];
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  client.on('notification', ({ channel }) => heard.push(channel));
  await client.connect();
  await client.query('LISTEN outbox');
  onTestFinished(() => client.end());
  return heard;
}
