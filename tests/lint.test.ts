import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('no rule of .oxlintrc.json is broken', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--format', 'unix'],
    { cwd: root, encoding: 'utf8' },
  )
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
})

test('every file is laid out as .oxfmtrc.json says; `npm run format` does it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/oxfmt/bin/oxfmt', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
})
