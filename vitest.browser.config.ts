import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Journeys in a real browser, against the native stack with the supervisor of `npm start`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['infra/browser/test/*.browser.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: [],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 150_000,
  },
});
