import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { renderBlocking } from './build/render-blocking.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), renderBlocking(), precompress()],
  // Not the condition `source`: packages of others have it too, and don't publish theirs.
  resolve: { alias: { '@shortstack/client': path('../../packages/client/src/index.ts') } },
  build: {
    target: 'es2023',
    // The policy allows no data: but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [path('index.html'), path('ops.html')] },
  },
});
