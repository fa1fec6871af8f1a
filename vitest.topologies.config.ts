import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/**
 * The contract suites of the Redis packages, run again on each topology that production may have: TLS with an ACL user, a Cluster
 * of three masters, and a master that Sentinels watch. The servers are native processes; PostgreSQL is not needed.
 */
export default defineConfig({
  test: {
    projects: ['tls-acl', 'cluster', 'sentinel'].map((name) => ({
      ...base,
      test: {
        ...base.test,
        name,
        env: { REDIS_TOPOLOGY: name },
        include: [
          'packages/*/test/contract.test.ts',
          ...(name === 'sentinel' ? ['packages/*/test/*.topologies.test.ts'] : []),
        ],
        exclude: ['**/node_modules/**'],
        globalSetup: [],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
