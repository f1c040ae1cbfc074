import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,bots,jobs,test}/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // As many as the smallest machine has processors.
    maxWorkers: 2,
  },
});
