import type { Row } from '../row.ts';
import { bulkAndImport } from './bulk-and-import.ts';
import { cacheRedis, uncached } from './cache-misses.ts';
import { createLinks } from './create-links.ts';
import { growth } from './growth.ts';
import { hotRedirect } from './hot-redirect.ts';
import { images } from './images.ts';
import { ingestion } from './ingestion.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { nginx } from './nginx.ts';
import { overload } from './overload.ts';
import { signedIn } from './signed-in.ts';
import { startUp } from './start-up.ts';
import { statistics } from './statistics.ts';
import { tracing } from './tracing.ts';
import { twoProcesses } from './two-processes.ts';
import { unknownSlugs } from './unknown-slugs.ts';

/** In the order in which they run: what needs a young stack first, what fills the database last. */
export const allRows: readonly Row[] = [
  images,
  startUp,
  memory,
  nginx,
  hotRedirect,
  tracing,
  latency,
  ingestion,
  unknownSlugs,
  signedIn,
  createLinks,
  overload,
  bulkAndImport,
  twoProcesses,
  cacheRedis,
  uncached,
  statistics,
  growth,
];
