import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/**
 * The tests that need Docker: nginx and its stand-ins, and one Compose stack on which the suites run that can do without
 * power over it. One file at a time, since they kill containers under load.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      '{apps,packages,infra}/**/test/**/*.docker.test.ts',
      'infra/e2e/test/{sign-in-once,creation,changes,live-clicks,real-urls}.test.ts',
      'infra/browser/test/journeys.browser.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      'infra/e2e/test/rolling-restart.docker.test.ts',
      'infra/hosts/**',
    ],
    globalSetup: ['infra/e2e/src/compose-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Building, starting and removing the stack.
    teardownTimeout: 120_000,
  },
});
