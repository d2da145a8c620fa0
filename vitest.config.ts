import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'sample/**/*.test.ts'],
    isolate: false,
    // Left to itself, one core is kept free.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    // Hooks start programs and load companies, which on a busy machine takes its time.
    hookTimeout: 180_000,
    setupFiles: ['./tests/support/give-up.ts'],
    globalSetup: ['./tests/support/run-folder.ts', './tests/support/postgres-server.ts'],
    reporters: ['default', './tests/support/closing-line.ts'],
  },
})
