import type { Row } from '../row.ts';
import { cacheRedis, uncached } from './cache-misses.ts';
import { hotRedirect } from './hot-redirect.ts';
import { signedIn } from './signed-in.ts';
import { unknownSlugs } from './unknown-slugs.ts';

/** In the order in which they run: what needs a young stack first, what fills the database last. */
export const allRows: readonly Row[] = [hotRedirect, unknownSlugs, signedIn, cacheRedis, uncached];
