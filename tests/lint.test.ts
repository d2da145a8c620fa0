import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** A program that is waited for without yielding hears no time-out of the test. */
const endsWithinMs = 180_000
const root = fileURLToPath(new URL('..', import.meta.url))

// Both in one go: the linter needs the types in any case.
test('the compiler has nothing to say, and no rule of .oxlintrc.json is broken', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--type-check', '--deny-warnings', '--format', 'unix'],
    { cwd: root, encoding: 'utf8', timeout: endsWithinMs },
  )
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
}, 200_000)

test('every file is laid out as .oxfmtrc.json says; `npm run format` does it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/oxfmt/bin/oxfmt', '--check'], {
    cwd: root,
    encoding: 'utf8',
    timeout: endsWithinMs,
  })
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
}, 200_000)
