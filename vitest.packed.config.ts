import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Each Redis pattern as a package of its own: packed, and installed from npm into an empty project. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/testing/test/**/*.packed.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 120_000,
  },
});
