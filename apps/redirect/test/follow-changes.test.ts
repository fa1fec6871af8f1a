import { createBreaker } from '@shortstack/redis';
import { createTestDatabase, openTestPool, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { followChanges } from '../src/data/follow-changes.ts';

const database = await createTestDatabase();
const pool = await openTestPool(database.urlFor('redirect'));
const owner = await openTestPool(database.ownerUrl);

const insertion = `INSERT INTO outbox (type, payload)
  VALUES ('link.updated', jsonb_build_object('links', jsonb_build_array(jsonb_build_object('slug', $1::text, 'version', 2))))`;

function follow(pollEveryMs: number) {
  const heard: string[] = [];
  let silences = 0;
  const changes = followChanges({
    pool,
    breaker: createBreaker({ name: 'PostgreSQL' }),
    pollEveryMs,
    onChange(_type, { links }) {
      heard.push(...links.map(({ slug, version }) => `${slug} ${version}`));
    },
    onSilence: () => {
      silences += 1;
    },
  });
  onTestFinished(() => changes.close());
  return { heard, changes, silences: () => silences };
}

test('each change is told once, in whatever order the transactions end', async () => {
  const { heard } = follow(5);
  const slow = await owner.connect();
  await slow.query('BEGIN');
  await slow.query(insertion, ['slow']);
  for (const slug of ['a', 'b']) await owner.query(insertion, [slug]);
  await until(() => heard.length === 2);
  await slow.query('COMMIT');
  slow.release();
  await until(() => heard.length === 3);
  for (const slug of ['c', 'd']) await owner.query(insertion, [slug]);
  await until(() => heard.length === 5);
  expect(heard).toEqual(['a 2', 'b 2', 'slow 2', 'c 2', 'd 2']);
});

test('after a pause that its readings may not cover, all counts as missed', async () => {
  const often = follow(50);
  const seldom = follow(3_200);
  await until(() => seldom.silences() === 1);
  expect(often.silences()).toBe(0);
});
