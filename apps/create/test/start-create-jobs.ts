import type { SpanExporter } from '@shortstack/telemetry';
import {
  createTestDatabase,
  openTestPool,
  startTestRedis,
  type TestDatabase,
  until,
} from '@shortstack/testing';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import type { JobsConfig } from '../src/config.ts';
import type { OutgoingRules } from '../src/outgoing/outgoing-rules.ts';
import { startJobs } from '../src/start-jobs.ts';

/** A database (or the given one), a hub and a jobs Redis of the test's own, and any number of jobs processes of create on them. */
export async function openStack(given?: TestDatabase) {
  const [database, hub, jobs] = await Promise.all([
    given ?? createTestDatabase(),
    startTestRedis(),
    startTestRedis(),
  ]);
  const owner = await openTestPool(database.ownerUrl);
  const hubClient = new Redis(hub.url);
  hubClient.on('error', () => {});
  onTestFinished(() => hubClient.disconnect());
  const config = (settings: Partial<JobsConfig> = {}): JobsConfig => ({
    INSTANCE_ID: `create-jobs-${crypto.randomUUID()}`,
    VERSION: 'test',
    LOG_LEVEL: 'error',
    INTERNAL_HOST: '127.0.0.1',
    INTERNAL_PORT: 0,
    ADVERTISE_URL: 'http://127.0.0.1:1',
    SHORT_ORIGIN: 'http://sho.rt',
    DATABASE_URL: database.urlFor('create'),
    DATABASE_POOL_SIZE: 3,
    REDIS_HUB_URL: hub.url,
    REDIS_JOBS_URL: jobs.url,
    SERVICE_PRIVATE_KEY: 'not needed here at all',
    METADATA_FETCH: true,
    PAGES_PER_SECOND: 100,
    ...settings,
  });

  async function start(
    outgoing?: OutgoingRules,
    settings: Partial<JobsConfig> = {},
    exporter?: SpanExporter,
  ) {
    const closers: (() => unknown)[] = [];
    const close = async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    };
    onTestFinished(close);
    const onClose = (_name: string, closer: () => unknown) => void closers.push(closer);
    const { internalUrl } = await startJobs(
      config(settings),
      { useLogger: () => {}, onClose },
      outgoing,
      exporter,
    );
    const metric = async (name: string) => {
      const text = await (await fetch(`${internalUrl}/metrics`)).text();
      return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1]);
    };
    return { internalUrl, close, metric };
  }

  return { database, hub, jobs, owner, hubClient, config, start };
}

export type Stack = Awaited<ReturnType<typeof openStack>>;

/** Adds a link with its event, as the HTTP process does. */
export async function addLink(
  { owner }: Stack,
  slug: string,
  link: { url?: string; title?: string } = {},
): Promise<number> {
  const { rows } = await owner.query(
    `WITH account AS (
        INSERT INTO accounts (email, password_hash, session_tag) VALUES ('a@b.test', '', '')
        ON CONFLICT (email) DO UPDATE SET name = '' RETURNING id
      ), link AS (
        INSERT INTO links (account_id, slug, url, title) SELECT id, $1, $2, $3 FROM account
        RETURNING id, account_id, slug
      ), event AS (
        INSERT INTO outbox (type, payload) SELECT 'link.created', jsonb_build_object('accountId', account_id, 'links',
          jsonb_build_array(jsonb_build_object('id', id, 'slug', slug, 'version', 1))) FROM link
      ), wake AS (SELECT pg_notify('outbox', '') FROM link)
      SELECT id::int FROM link, wake`,
    [slug, link.url ?? 'https://example.com/', link.title ?? null],
  );
  return rows[0].id;
}

/** The slugs of the stream's events, in its order. */
export async function publishedSlugs({ hubClient }: Stack): Promise<string[]> {
  const entries = await hubClient.xrange('hub:events', '-', '+');
  return entries.map(([, fields]) => {
    const data = fields[fields.indexOf('data') + 1] ?? '{}';
    return (JSON.parse(data) as { links: { slug: string }[] }).links[0]?.slug ?? '';
  });
}

export async function untilPublished(stack: Stack, slugs: readonly string[], deadlineMs = 5_000) {
  let found: string[] = [];
  const isThere = async () => {
    found = await publishedSlugs(stack).catch(() => []);
    return found.length >= slugs.length;
  };
  await until(isThere, { deadlineMs, message: `published: ${found.join(', ')}` }).catch(() => {});
  return found;
}
