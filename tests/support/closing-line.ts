import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with the plain line that continuous integration reads: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') count[state] += 1
      }
    }
    if (count.skipped > 0) process.stdout.write(`${count.skipped} skipped\n`)
    process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`)
  }
}
