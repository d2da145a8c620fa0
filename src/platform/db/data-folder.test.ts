import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findServer, holdDataFolder } from './data-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a second process is refused with a sentence that says who holds the folder, and a killed one lets go at once', async () => {
  const script = `import { holdDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)}
    const held = holdDataFolder(${JSON.stringify(folder)}, 'throughline start', new Date('2026-01-01')); held.announce('http://localhost:1234'); console.log('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(holder, 'exit')
  try {
    await Promise.race([once(holder.stdout, 'data'), ended.then(() => expect.fail('the holder ended'))])
    expect(() => holdDataFolder(folder, 'throughline start', new Date())).toThrow(
      /in use by “throughline start” \(process \d+, http:\/\/localhost:1234/,
    )
    expect(findServer(folder)?.address).toBe('http://localhost:1234')
  } finally {
    holder.kill('SIGKILL')
    await ended
  }
  expect(findServer(folder)).toBeNull()
  holdDataFolder(folder, 'throughline start', new Date()).release()
})
