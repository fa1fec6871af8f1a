import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that run containers. They need Docker and no server of ours, and measure under load: one file at a time. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['{apps,packages,infra}/**/test/**/*.docker.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: [],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
