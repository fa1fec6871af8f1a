import { unexpected } from './answered.ts';
import { inParallel } from './in-parallel.ts';
import { patiently } from './patiently.ts';
import type { Caller } from './people.ts';

/** What became of one URL. */
export interface Shortened {
  readonly url: string;
  /** The slug, or the code of the refusal. */
  readonly outcome: { slug: string } | { refused: string };
}

export interface ShortenUrlsOptions {
  /** How many go in bulk, 1,000 per request; the rest goes one by one. */
  inBulk: number;
  /** Requests at a time. */
  atOnce: number;
  onProgress?: (done: number) => void;
}

const BULK = 1_000;

/** Shortens all of these, in bulk and one by one, and returns what became of each, in order. Waits where it is limited. */
export async function shortenUrls(
  api: Caller,
  urls: readonly string[],
  { inBulk, atOnce, onProgress = () => {} }: ShortenUrlsOptions,
): Promise<Shortened[]> {
  let done = 0;
  const progress = (count: number): void => {
    done += count;
    onProgress(done);
  };
  const bulks: string[][] = [];
  for (let start = 0; start < Math.min(inBulk, urls.length); start += BULK) {
    bulks.push(urls.slice(start, Math.min(start + BULK, inBulk)));
  }
  const fromBulk = await inParallel(bulks, atOnce, async (part) => {
    const links = part.map((url) => ({ url }));
    const answer = await patiently(() => api.call('POST', '/api/links/bulk', { links }));
    if (answer.status !== 200) throw unexpected('Shortening in bulk', answer);
    progress(part.length);
    const results: ({ link: { slug: string } } | { error: { code: string } })[] =
      answer.json().results;
    return results.map((result) =>
      'link' in result ? { slug: result.link.slug } : { refused: result.error.code },
    );
  });
  const oneByOne = await inParallel(urls.slice(inBulk), atOnce, async (url) => {
    const answer = await patiently(() => api.call('POST', '/api/links', { url }));
    progress(1);
    if (answer.status === 201) return { slug: answer.json().slug as string };
    if (answer.status === 422 || answer.status === 400) {
      return { refused: answer.json().code as string };
    }
    throw unexpected(`Shortening ${url}`, answer);
  });
  const outcomes = [...fromBulk.flat(), ...oneByOne];
  return urls.map((url, index) => {
    const outcome = outcomes[index];
    if (!outcome) throw new Error(`There is no result for ${url}.`);
    return { url, outcome };
  });
}
