import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vite would find graphql's index.mjs for our files, while packages get index.js from Node: two copies whose classes don't match.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
    include: ['test/{calendar,diagram,engine,import,store,worker,live,api,transport}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Processes: database connections and signal handlers of one file cannot reach another.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 30_000,
  },
});
