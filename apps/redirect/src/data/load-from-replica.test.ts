import { unavailable } from '@shortstack/errors';
import { expect, test } from 'vitest';
import { createReplicaLoader } from './load-from-replica.ts';
import type { LinkLoader } from './load-links.ts';

/** A server that has these links, by slug and version, and remembers what it was asked. */
function server(links: Record<string, number>) {
  const asked: string[] = [];
  const load: LinkLoader = async (slugs) => {
    asked.push(...slugs);
    return new Map(slugs.map((slug) => [slug, { version: links[slug] ?? 0, value: null }]));
  };
  return { asked, load };
}

function open({ isFresh = true } = {}) {
  const primary = server({ old: 1, changed: 2, made: 1 });
  const replica = server({ old: 1, changed: 1 });
  const loader = createReplicaLoader({
    fromPrimary: primary.load,
    fromReplica: replica.load,
    isFresh: () => isFresh,
  });
  const versions = async (...slugs: string[]) =>
    Object.fromEntries(
      [...(await loader.load(slugs))].map(([slug, { version }]) => [slug, version]),
    );
  return { loader, primary, replica, versions };
}

test('a fresh replica is asked, and the primary for what the replica does not know', async () => {
  const { primary, versions } = open();
  expect(await versions('old', 'made', 'unknown')).toEqual({ old: 1, made: 1, unknown: 0 });
  expect(primary.asked).toEqual(['made', 'unknown']);
});

test('a replica that may lag is not asked', async () => {
  const { replica, versions } = open({ isFresh: false });
  expect(await versions('old')).toEqual({ old: 1 });
  expect(replica.asked).toEqual([]);
});

test('what has been changed is read from the primary, also when the change is heard of while the replica is asked', async () => {
  const { loader, replica, versions } = open();
  const asking = versions('changed', 'old');
  loader.changed('changed');
  expect(await asking).toEqual({ changed: 2, old: 1 });
  replica.asked.length = 0;
  expect(await versions('changed')).toEqual({ changed: 2 });
  expect(replica.asked).toEqual([]);
});

test('after more changes than are remembered, nothing is read from the replica', async () => {
  const { loader, replica, versions } = open();
  for (let at = 0; at <= 100_000; at += 1) loader.changed(`other-${at}`);
  expect(await versions('changed')).toEqual({ changed: 2 });
  expect(replica.asked).toEqual([]);
});

test('a replica that fails costs nobody an answer', async () => {
  const { primary } = open();
  const { load } = createReplicaLoader({
    fromPrimary: primary.load,
    fromReplica: () => Promise.reject(unavailable('DATABASE_UNAVAILABLE', 'It is away.')),
    isFresh: () => true,
  });
  expect((await load(['old'])).get('old')?.version).toBe(1);
});
