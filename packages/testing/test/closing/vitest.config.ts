import { defineConfig } from 'vitest/config';
import base from '../../../../vitest.config.ts';

/** Two files in one worker that share their modules, as all test files do. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/testing/test/closing/*.fixture.ts'],
    globalSetup: [],
    maxWorkers: 1,
  },
});
