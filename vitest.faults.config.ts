import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The long tests of what a failure may cost: one file at a time, since each kills processes under load. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['{apps/*,infra/e2e}/test/**/*.faults.test.ts'],
    exclude: ['**/node_modules/**'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
