import type { Row } from '../row.ts';
import { bulkAndImport } from './bulk-and-import.ts';
import { cacheRedis, uncached } from './cache-misses.ts';
import { createLinks } from './create-links.ts';
import { hotRedirect } from './hot-redirect.ts';
import { images } from './images.ts';
import { ingestion } from './ingestion.ts';
import { memory } from './memory.ts';
import { nginx } from './nginx.ts';
import { signedIn } from './signed-in.ts';
import { twoProcesses } from './two-processes.ts';
import { unknownSlugs } from './unknown-slugs.ts';

/** In the order in which they run: what needs a young stack first, what fills the database last. */
export const allRows: readonly Row[] = [
  images,
  memory,
  nginx,
  hotRedirect,
  ingestion,
  unknownSlugs,
  signedIn,
  createLinks,
  bulkAndImport,
  twoProcesses,
  cacheRedis,
  uncached,
];
