import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** A program that is waited for without yielding hears no time-out of the test. */
const endsWithinMs = 180_000
const root = fileURLToPath(new URL('..', import.meta.url))

test('the compiler has nothing to say', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', '.'],
    { cwd: root, encoding: 'utf8', timeout: endsWithinMs },
  )
  expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
}, 200_000)
