/** What several files begin with and what takes long to make: made by whichever worker asks first, in a folder of the run. */
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    runFolder: string
  }
}

/**
 * @param make fills the folder; its error is everybody’s
 * @returns the folder, whole
 */
export async function onceARun(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(inject('runFolder'), name)
  const ended = join(folder, '.ended')
  // Of two who make a folder at the same time one is refused.
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  )
  if (isFirst) {
    const error = await make(folder).then(
      () => '',
      (e: unknown) => String(e),
    )
    writeFileSync(ended, error)
  } else await written(folder, ended)
  const error = readFileSync(ended, 'utf8')
  if (error) throw new Error(error)
  return folder
}

async function written(folder: string, file: string): Promise<void> {
  const watching = new AbortController()
  await new Promise<void>((resolve, reject) => {
    // Looked for once more when watching has begun: it may have come in between.
    const look = () => {
      if (existsSync(file)) resolve()
    }
    watch(folder, { signal: watching.signal }, look).on('error', reject)
    look()
  })
  watching.abort()
}
