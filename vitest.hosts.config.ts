import { defineConfig } from 'vitest/config';
import docker from './vitest.docker.config.ts';

/** All hosts on one machine, for minutes: what they share, what they don't, and how they are operated. */
export default defineConfig({
  ...docker,
  test: {
    ...docker.test,
    include: ['infra/hosts/test/*.docker.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['infra/hosts/test/site-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 900_000,
    teardownTimeout: 120_000,
  },
});
