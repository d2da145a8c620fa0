import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openFiles } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function* chunks(...parts: string[]) {
  for (const part of parts) yield new TextEncoder().encode(part)
}
const uploads = () => readdirSync(join(folder, 'uploads'))

test('a file is kept as it came, for its owner alone, with its size and its hash, until it is removed', async () => {
  const files = await openFiles(folder)
  const saved = await files.save(chunks('id,account\n', 'u1,a1\n'))
  expect(saved).toMatchObject({
    sizeBytes: 17,
    sha256: createHash('sha256').update('id,account\nu1,a1\n').digest('hex'),
  })
  expect(readFileSync(files.path(saved.id), 'utf8')).toBe('id,account\nu1,a1\n')
  expect(statSync(files.path(saved.id)).mode & 0o777).toBe(0o600)
  await files.remove(saved.id)
  await files.remove(saved.id)
  expect(uploads()).toEqual([])
})

test('a file that is too large, or whose sender breaks off, leaves nothing', async () => {
  const files = await openFiles(folder, 16)
  await expect(files.save(chunks('0123456789', '0123456789'))).rejects.toMatchObject({
    code: 'limit',
    message: expect.stringContaining('Split it'),
  })
  await expect(
    files.save(
      (async function* () {
        yield* chunks('0123')
        throw new Error('the sender broke off')
      })(),
    ),
  ).rejects.toThrow('the sender broke off')
  expect(uploads()).toEqual([])
  expect(await files.save(chunks('0123456789', '012345'))).toMatchObject({ sizeBytes: 16 })
})

test('no name becomes a path outside, and work in progress is gone at the next start', async () => {
  const files = await openFiles(folder)
  expect(() => files.path('../secret.key')).toThrow('not an upload id')
  expect(files.temporary('../../job/1')).toBe(join(folder, 'tmp', '.._.._job_1'))
  writeFileSync(files.temporary('job'), 'half')
  await openFiles(folder)
  expect(existsSync(files.temporary('job'))).toBe(false)
})
