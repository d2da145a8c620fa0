/** Uploaded files lie in the data folder under ids of ours; a name from outside never becomes a path. */
import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { limit } from '../errors.ts'
import { newId } from '../ids.ts'

export interface SavedFile {
  id: string
  sizeBytes: number
  sha256: string
}

export interface Files {
  save(stream: AsyncIterable<Uint8Array>): Promise<SavedFile>
  path(uploadId: string): string
  /** A path for work in progress; the folder is emptied at every start. */
  temporary(name: string): string
  remove(uploadId: string): Promise<void>
}

const maxUploadBytes = 20 * 1024 ** 3

export async function openFiles(dataDir: string, maxBytes = maxUploadBytes): Promise<Files> {
  const uploads = join(dataDir, 'uploads')
  const temporary = join(dataDir, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await Promise.all([uploads, temporary].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })))
  const path = (uploadId: string) => {
    if (!/^[0-9a-f-]{36}$/.test(uploadId)) throw new Error(`not an upload id: ${uploadId}`)
    return join(uploads, uploadId)
  }
  return {
    path,
    temporary: (name) => join(temporary, name.replaceAll(/[^a-zA-Z0-9.-]/g, '_')),
    remove: (uploadId) => rm(path(uploadId), { force: true }),
    async save(stream) {
      const id = newId()
      const hash = createHash('sha256')
      const file = await open(path(id), 'wx', 0o600)
      let sizeBytes = 0
      try {
        for await (const chunk of stream) {
          sizeBytes += chunk.byteLength
          if (sizeBytes > maxBytes)
            throw limit(
              `The file is larger than ${maxBytes / 1024 ** 3} GB. Split it by month, or import it by path with the command line.`,
            )
          hash.update(chunk)
          await file.writeFile(chunk)
        }
        await file.close()
      } catch (error) {
        await file.close().catch(() => undefined)
        await rm(path(id), { force: true })
        throw error
      }
      return { id, sizeBytes, sha256: hash.digest('hex') }
    },
  }
}
