import { defineConfig } from 'vitest/config';
import docker from './vitest.docker.config.ts';

/** The rolling restart: a Compose stack of its own, for minutes. */
export default defineConfig({
  ...docker,
  test: {
    ...docker.test,
    include: ['infra/e2e/test/rolling-restart.docker.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: [],
    testTimeout: 600_000,
  },
});
