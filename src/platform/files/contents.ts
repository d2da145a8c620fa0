/**
 * Bytes in the data folder, a folder for each workspace, named by what they are. Bytes lie there before a row refers to them, and the
 * row is marked before they go: a crash leaves bytes too many, which the sweep finds, and never a row without its bytes.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { limit } from '../errors.ts'
import { newId } from '../ids.ts'

/** Bytes that lie in the folder and that no row refers to yet. */
export interface Received {
  contentId: string
  sha256: string
  sizeBytes: number
}
interface Where {
  workspaceId: string
}

export interface Contents {
  /** How much the files of one workspace may hold. */
  readonly quotaBytes: number
  /** Before the transaction opens. @throws limit for what is larger than a file may be */
  receive(where: Where, bytes: AsyncIterable<Uint8Array>, mostBytes?: number): Promise<Received>
  path(where: Where, content: Pick<Received, 'contentId' | 'sha256'>): string
  read(where: Where, content: Pick<Received, 'contentId' | 'sha256'>): AsyncIterable<Uint8Array>
  remove(where: Where, content: Pick<Received, 'contentId' | 'sha256'>): Promise<void>
  /** What lies there and was put there before a time. */
  list(where: Where, before: Date): Promise<Pick<Received, 'contentId' | 'sha256'>[]>
}

const mostBytesOfAFile = 200 * 1024 ** 2
export const usualQuotaBytes = 10 * 1024 ** 3
const named = /^([0-9a-f]{64})-([0-9a-f-]{36})$/
const unfinished = 'unfinished'

export function openContents(dataDir: string, quotaBytes: number = usualQuotaBytes): Contents {
  const root = ({ workspaceId }: Where) => {
    if (!/^[0-9a-f-]{36}$/.test(workspaceId)) throw new Error(`not a workspace’s id: ${workspaceId}`)
    return join(dataDir, 'files', workspaceId)
  }
  const path: Contents['path'] = (where, { contentId, sha256 }) => {
    if (!named.test(`${sha256}-${contentId}`)) throw new Error(`not a content: ${sha256}-${contentId}`)
    return join(root(where), sha256.slice(0, 2), `${sha256}-${contentId}`)
  }
  const folder = (path: string) => mkdir(path, { recursive: true, mode: 0o700 })
  return {
    quotaBytes,
    path,
    read: (where, content) => createReadStream(path(where, content)),
    remove: (where, content) => rm(path(where, content), { force: true }),
    async receive(where, bytes, mostBytes = mostBytesOfAFile) {
      const contentId = newId()
      await folder(join(root(where), unfinished))
      const temporary = join(root(where), unfinished, contentId)
      try {
        const { sha256, sizeBytes } = await write(temporary, bytes, mostBytes)
        const content = { contentId, sha256, sizeBytes }
        await folder(join(root(where), sha256.slice(0, 2)))
        await rename(temporary, path(where, content))
        return content
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async list(where, before) {
      const all = await readdir(root(where), { recursive: true, withFileTypes: true }).catch(() => [])
      const found: Pick<Received, 'contentId' | 'sha256'>[] = []
      for (const entry of all.filter((e) => e.isFile())) {
        const at = join(entry.parentPath, entry.name)
        const isOld = ((await stat(at).catch(() => null))?.mtime ?? before) < before
        if (!isOld) continue
        const [, sha256, contentId] = named.exec(entry.name) ?? []
        if (sha256 && contentId) found.push({ sha256, contentId })
        // What was being received when the server stopped.
        else if (entry.parentPath.endsWith(unfinished)) await rm(at, { force: true })
      }
      return found
    },
  }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>, mostBytes: number) {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > mostBytes)
        throw limit(
          `The file is larger than ${Math.floor(mostBytes / 1024 ** 2)} MB. Make it smaller, then add it again.`,
        )
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    // The row that refers to it is safe once it is committed, and so must be the bytes.
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}
