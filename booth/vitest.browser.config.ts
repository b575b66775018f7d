import { defineConfig } from 'vitest/config';

/** Voters and vectors in Chromium: after a build, one file after the other. */
export default defineConfig({
  test: { include: ['test/browser/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false },
});
