import { expect, test } from 'vitest';
import { createTenThousand } from '../src/create-ten-thousand.ts';
import { createHttpClient } from '../src/http-client.ts';
import { inParallel } from '../src/in-parallel.ts';
import { openStack } from '../src/open-stack.ts';
import { caller, signUp, withApiKey } from '../src/people.ts';

const CONNECTIONS = 64;
const { stack, local } = await openStack({
  instances: { create: 2, 'create-jobs': 0, redirect: 0, 'redirect-jobs': 0 },
});
const http = createHttpClient({ connections: CONNECTIONS });
/** Two instances of create, by their own addresses or as whatever stands before them chooses. */
const [first = stack, second = stack] =
  local?.services.create.map(({ origin }) => ({ appOrigin: origin })) ?? [];
const person = await signUp(http, stack);
const key = await withApiKey(http, stack, person);

test('of fifty creators at once for one slug one gets it and the others a conflict', async () => {
  const people = [person, ...(await Promise.all([1, 2, 3, 4].map(() => signUp(http, stack))))];
  const creators = await inParallel(Array.from({ length: 50 }), 10, async (_, index) => {
    const { headers } = await withApiKey(http, stack, people[index % 5] ?? person);
    return caller(http, index % 2 === 0 ? first : second, headers);
  });
  for (let round = 1; round <= 3; round += 1) {
    const slug = `wanted-${round}`;
    const answers = await Promise.all(
      creators.map((creator, index) =>
        creator.call('POST', '/api/links', { url: `http://wanted.test/${index}`, slug }),
      ),
    );
    const countOf = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([countOf(201), countOf(409)]).toEqual([1, 49]);
    const codes = answers.flatMap((answer) => (answer.status === 409 ? [answer.json().code] : []));
    expect(new Set(codes)).toEqual(new Set(['SLUG_TAKEN']));
    const winner = answers.find(({ status }) => status === 201)?.json();
    const stored = await stack.sql('SELECT url FROM links WHERE slug = $1', [slug]);
    expect(stored).toEqual([{ url: winner.url }]);
  }
});

test('10,000 creations over 64 connections: no duplicate slug and no failure', async () => {
  const created = await createTenThousand(
    stack,
    [caller(http, first, key.headers), caller(http, second, key.headers)],
    { name: 'full', connections: CONNECTIONS },
  );
  expect(created).toEqual({ slugs: 10_000, stored: 10_000 });
}, 120_000);
