import { answered } from './answered.ts';
import { inParallel } from './in-parallel.ts';
import type { Caller } from './people.ts';
import type { Stack } from './stack.ts';

/**
 * Creates 10,000 links, so many at a time, at these callers in turn; throws at the first that fails. Resolves to how many
 * different slugs were answered and how many of them are stored.
 */
export async function createTenThousand(
  stack: Stack,
  callers: readonly [Caller, ...Caller[]],
  { name, connections }: { name: string; connections: number },
): Promise<{ slugs: number; stored: number }> {
  const startedAt = performance.now();
  const slugs = await inParallel(Array.from({ length: 10_000 }), connections, async (_, index) => {
    const url = `http://${name}.test/${index}`;
    const caller = callers[index % callers.length] ?? callers[0];
    return answered(201, await caller.call('POST', '/api/links', { url })).json().slug;
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`10,000 links (${name}) in ${seconds.toFixed(1)} s`);
  const [stored] = await stack.sql<{ count: number }>(
    'SELECT count(*)::int FROM links WHERE slug = ANY($1) AND url LIKE $2',
    [slugs, `http://${name}.test/%`],
  );
  return { slugs: new Set(slugs).size, stored: stored?.count ?? 0 };
}
