import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node'

/** Longer than any test or hook may take by its own bound. */
const silenceMinutes = 6
/** For stopping the workers and the database server. */
const closingSeconds = 60

/**
 * Ends the run with the plain line that continuous integration reads: `N passed, N failed`. What has no result counts as
 * failed: a file that could not be loaded, a hook, an error outside of every test. A process that blocks itself hears no
 * time-out of its own; where nothing is heard of any for long, the run is given up and says which files it waited for.
 */
export default class ClosingLine implements Reporter {
  #vitest: Vitest | null = null
  #silence: NodeJS.Timeout | undefined
  readonly #open = new Map<string, string>()

  onInit(vitest: Vitest) {
    this.#vitest = vitest
  }
  onTestRunStart() {
    this.#heard()
  }
  onTestModuleQueued() {
    this.#heard()
  }
  onTestModuleStart(module: TestModule) {
    this.#open.set(module.moduleId, module.relativeModuleId)
    this.#heard()
  }
  onTestCaseResult() {
    this.#heard()
  }
  onTestModuleEnd(module: TestModule) {
    this.#open.delete(module.moduleId)
    this.#heard()
  }
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]) {
    clearTimeout(this.#silence)
    const count = { passed: 0, failed: errors.length + this.#open.size, skipped: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed' || state === 'skipped') count[state] += 1
      }
    }
    if (count.failed > 0) process.exitCode = 1
    if (count.skipped > 0) process.stdout.write(`${count.skipped} skipped\n`)
    process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`)
    // Whatever a test left behind, such as a program that still holds a worker's output, holds this process no longer than that.
    setTimeout(() => {
      process.stderr.write(
        `Something that the tests started did not end within ${closingSeconds} seconds; it is left.\n`,
      )
      process.exit()
    }, closingSeconds * 1000).unref()
  }

  #heard() {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      process.exitCode = 1
      process.stderr.write(
        `Nothing was heard for ${silenceMinutes} minutes while these files ran, so the run is given up: ${[...this.#open.values()].join(', ') || 'none'}\n`,
      )
      // Asked once it waits for the files, asked again it ends their processes.
      for (let times = 0; times < 2; times += 1) void this.#vitest?.cancelCurrentRun('test-failure')
    }, silenceMinutes * 60_000)
  }
}
