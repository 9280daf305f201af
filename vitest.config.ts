import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vite would find graphql's index.mjs for our files, while packages get index.js from Node: two copies whose classes don't match.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
    include: [
      'test/{calendar,diagram,engine,import,store,worker,live,api,transport,outgoing,reactions,automation,journeys}/**/*.test.ts',
    ],
    globalSetup: ['test/support/global-setup.ts'],
    // Processes, since some tests start servers and send signals. Each takes many files without loading our modules anew, which
    // would be a fifth of the time: they keep no state beside what a test makes, and each file has a database of its own.
    pool: 'forks',
    isolate: false,
    // All cores, not one less as by default: half of the time a test waits for PostgreSQL, which has connections for so many.
    maxWorkers: Math.min(availableParallelism(), 4),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
  },
});
