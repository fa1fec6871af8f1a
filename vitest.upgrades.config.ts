import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The version before beside this one, on the same servers, under load. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['infra/e2e/test/upgrades/*.upgrades.test.ts'],
    exclude: ['**/node_modules/**'],
    // Each test goes on where the one before ended.
    bail: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
