import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,bots,jobs,test}/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A page on a busy machine takes its time.
    expect: { poll: { timeout: 15_000 } },
    // Files of one process share its modules: loading them anew for each takes longer than the tests.
    isolate: false,
    // As many as the smallest machine has processors.
    maxWorkers: 2,
  },
});
