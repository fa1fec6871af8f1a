/** Vitest's global setup: the pages that create and worker serve to the tests, built unless they are there. */
import { join } from 'node:path';
import { buildWeb } from '../src/build-web.ts';

export default async function buildWebOnce(): Promise<void> {
  await buildWeb(join(import.meta.dirname, '../../..'), new AbortController().signal);
}
