import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The whole tree under another name: its checks, and the tests that a name can break. About four minutes. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['infra/rename/test/**/*.rename.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: [],
    setupFiles: [],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
