import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 15_000, // a test never sleeps; this is room for a busy machine
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // A proxy, or a database of somebody's own, must not find its way into a test.
    env: { NODE_ENV: 'test', NO_PROXY: 'localhost,127.0.0.1' },
  },
})
