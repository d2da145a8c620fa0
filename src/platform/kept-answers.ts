/** Answers as they go over the line, kept until something changes: who asks the same next costs a look-up and no work. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'

export interface KeptAnswer {
  /** JSON, packed. */
  zipped: Uint8Array<ArrayBuffer>
  etag: string
}

export interface KeptAnswers {
  /** @param state what the answer is of: another object or number, another answer */
  find(workspaceId: string, question: string, state: readonly unknown[]): KeptAnswer | null
  keep(workspaceId: string, question: string, state: readonly unknown[], answer: KeptAnswer): void
  /** How often something that people write has changed in a workspace; all of them where none is named. */
  changes(workspaceId: string): number
  changed(workspaceId: string | null): void
}

const bytesPerMb = 1_000_000
/** A list of everything would drive all others out. */
const largestShare = 1 / 8

/** @param mb room for all of them together; with 0 nothing is kept */
export function openKeptAnswers(mb: number): KeptAnswers {
  const maxSize = Math.round(mb * bytesPerMb)
  const kept =
    maxSize < 1
      ? null
      : new LRUCache<string, { state: readonly unknown[]; answer: KeptAnswer }>({
          maxSize,
          maxEntrySize: Math.max(1, Math.round(maxSize * largestShare)),
          sizeCalculation: ({ answer }, key) => answer.zipped.byteLength + 2 * key.length + 256,
        })
  const counts = new Map<string, number>()
  let ofAll = 0
  return {
    find(workspaceId, question, state) {
      const found = kept?.get(`${workspaceId} ${question}`)
      return found?.state.every((part, i) => part === state[i]) ? found.answer : null
    },
    keep(workspaceId, question, state, answer) {
      kept?.set(`${workspaceId} ${question}`, { state, answer })
    },
    changes: (workspaceId) => ofAll + (counts.get(workspaceId) ?? 0),
    changed(workspaceId) {
      if (workspaceId === null) ofAll += 1
      else counts.set(workspaceId, (counts.get(workspaceId) ?? 0) + 1)
    },
  }
}

const pack = promisify(gzip)

/** The tag says what the answer is, whatever it is packed by. */
export async function answerAsBytes(output: unknown): Promise<KeptAnswer> {
  const text = JSON.stringify(output)
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  return { zipped: new Uint8Array(await pack(text)), etag }
}
