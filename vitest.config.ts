import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    include: ['{apps,packages,infra}/**/{src,test}/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      '**/*.{faults,docker,topologies,packed,upgrades,browser,rename}.test.ts',
    ],
    globalSetup: ['packages/testing/src/global-setup.ts', 'infra/local/test/build-web-once.ts'],
    setupFiles: ['packages/testing/src/file-setup.ts'],
    pool: 'forks',
    // Most tests wait for servers and deadlines, so every core gets a file.
    maxWorkers: '100%',
    // The files of a worker share the modules that it has loaded: to load them for each file took a third of the CPU time.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
