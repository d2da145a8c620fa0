import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { onceARun } from './once-a-run.ts'

test('whoever asks first makes it, and who asks meanwhile or later is given the same, whole', async () => {
  const name = newId()
  let made = 0
  const ask = () =>
    onceARun(name, async (folder) => {
      made += 1
      await writeFile(join(folder, 'first'), 'a')
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      await writeFile(join(folder, 'last'), 'b')
    })
  const [one, other] = await Promise.all([ask(), ask()])
  expect([one, made, await readFile(join(one, 'last'), 'utf8')]).toEqual([other, 1, 'b'])
  expect([await ask(), made]).toEqual([one, 1])
})

test('what could not be made is not made again: everybody hears why', async () => {
  const name = newId()
  const ask = () => onceARun(name, () => Promise.reject(new Error('no room on the disk')))
  const [one, other] = await Promise.allSettled([ask(), ask()])
  expect([one.status, other.status]).toEqual(['rejected', 'rejected'])
  await expect(ask()).rejects.toThrow('no room on the disk')
})
