import { unexpected } from './answered.ts';
import { patiently } from './patiently.ts';
import type { Caller } from './people.ts';

/** The clicks of every link that the caller has, by slug, as the API tells them. */
export async function readClicks(api: Caller): Promise<Map<string, number>> {
  const clicks = new Map<string, number>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/api/links?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = await patiently(() => api.call('GET', path));
    if (answer.status !== 200) throw unexpected('Listing links', answer);
    const page: { items: { slug: string; clicks: number }[]; nextCursor: string | null } =
      answer.json();
    for (const link of page.items) clicks.set(link.slug, link.clicks);
    cursor = page.nextCursor;
  }
  return clicks;
}
