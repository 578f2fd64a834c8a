import { defineConfig } from 'vitest/config'
import { findChromium } from './test/support/chromium.ts'

// Modes of their own for what needs a browser, `npm run test:browser`, and for what takes longest, `npm run test:long`: the
// everyday tests stay under five minutes on two cores.
export default defineConfig(({ mode }) => {
  if (mode === 'browser') return browserTests()
  return mode === 'long' ? longTests : tests
})

const long = [
  'test/screens/**/*.test.ts',
  'test/story/killed{,-client}.test.ts',
  'test/threats/{acknowledgement,limits,matrix}.test.ts',
]

const shared = {
  globalSetup: ['test/support/global-setup.ts'],
  pool: 'forks' as const,
  teardownTimeout: 10_000,
  env: { NODE_ENV: 'test' },
}

const tests = {
  test: {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', ...long],
    // A process of its own for each file took a quarter of the time. What a file changes of a module, it puts back.
    isolate: false,
    maxWorkers: 3, // they wait for timers and for Postgres a third of the time
    testTimeout: 45_000, // a test never sleeps; this is room for a busy machine
    hookTimeout: 30_000,
  },
}

const longTests = { test: { ...tests.test, include: long, exclude: [] } }

function browserTests() {
  const chromium = findChromium()
  if (!chromium)
    console.log(
      'Browser tests skipped: no Chromium here. Install it (Debian: apt-get install chromium) or name it in CHROMIUM.',
    )
  return {
    test: {
      ...shared,
      include: chromium ? ['test/browser/**/*.test.ts'] : [],
      globalSetup: chromium ? shared.globalSetup : [],
      passWithNoTests: !chromium,
      maxWorkers: 1,
      testTimeout: 180_000,
      hookTimeout: 60_000,
      env: { ...shared.env, CHROMIUM: chromium ?? '' },
    },
  }
}
