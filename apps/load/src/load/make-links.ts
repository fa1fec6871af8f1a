import type { ApiClient } from './api-client.ts';

/** As many as the API takes at once. */
const perRequest = 1_000;

/** Makes links for a run, tagged `load`, and returns their slugs: fewer if the signal comes. They stay: their clicks may be looked at later. */
export async function makeLinks(
  api: ApiClient,
  runId: string,
  count: number,
  onProgress: (made: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const slugs: string[] = [];
  while (slugs.length < count && !signal.aborted) {
    const size = Math.min(perRequest, count - slugs.length);
    const links = Array.from({ length: size }, (_, at) => ({
      url: `https://example.com/${runId}/${slugs.length + at}`,
      tags: ['load'],
    }));
    const { results } = await api<{ results: ({ link: { slug: string } } | { error: unknown })[] }>(
      'POST',
      '/api/links/bulk',
      { links },
    );
    for (const result of results) {
      if ('error' in result) throw new Error(`A link was refused: ${JSON.stringify(result.error)}`);
      slugs.push(result.link.slug);
    }
    onProgress(slugs.length);
  }
  return slugs;
}
