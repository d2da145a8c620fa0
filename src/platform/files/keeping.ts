/** Files of things: a row that says whose and what it is, and bytes that are kept once however many files are of them. */
import type { Db } from '../db/database.ts'
import { limit } from '../errors.ts'
import { newId } from '../ids.ts'
import { isQueued } from '../jobs/queries.ts'
import type { Scope } from '../scope.ts'
import type { Services } from '../services.ts'
import type { Received } from './contents.ts'
import { bytesHeld, deleteFiles, holdContent, insertContent, insertFile, lockQuota } from './queries/files.ts'

/** How long files of a kind are kept; contributed by the room that keeps them. */
export interface FileKind {
  kind: string
  /** Null: as long as their thing. */
  keptDays: number | null
}

export interface KeepingContext {
  /** The transaction of the write that the file belongs to. */
  db: Db
  scope: Scope
  now: () => Date
  services: Pick<Services, 'contents' | 'rooms'>
}

export interface FileDraft {
  kind: string
  /** As people know it; never a path. */
  name: string
  mediaType: string
  owner: { kind: string; id: string }
  createdBy: string
}

const size = (bytes: number) =>
  bytes < 1024 ** 3 ? `${Math.ceil(bytes / 1024 ** 2)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`

/** @param received what `contents.receive` gave before the transaction opened @throws limit where the workspace's quota would be passed */
export async function keepFile(
  { db: tx, scope, now, services }: KeepingContext,
  received: Received,
  draft: FileDraft,
): Promise<{ id: string }> {
  if (!services.rooms.fileKinds.has(draft.kind))
    throw new Error(`No room says how long files of the kind “${draft.kind}” are kept.`)
  await lockQuota(tx, scope)
  let contentId = await holdContent(tx, scope, received.sha256)
  if (contentId === null) {
    const held = await bytesHeld(tx, scope)
    if (held + received.sizeBytes > services.contents.quotaBytes)
      throw limit(
        `The files of this workspace hold ${size(held)} of ${size(services.contents.quotaBytes)}; this one has ${size(received.sizeBytes)}. Remove files that are not needed, or ask whoever runs the server for more room.`,
      )
    await insertContent(tx, scope, received, now())
    contentId = received.contentId
  }
  const id = newId(now().getTime())
  await insertFile(tx, scope, {
    ...draft,
    id,
    contentId,
    name: draft.name.replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200) || 'file',
    createdAt: now(),
  })
  return { id }
}

export const sweepJobKind = 'files.sweep'

/** Takes files away; their bytes follow as soon as the write is committed, where nothing else is of them. @returns how many there were */
export async function dropFiles(
  { db: tx, scope, services }: { db: Db; scope: Scope; services: Pick<Services, 'jobs'> },
  which: { id: string } | { owner: { kind: string; id: string } },
  createdBy: string,
): Promise<number> {
  const dropped = await deleteFiles(tx, scope, which)
  if (dropped > 0 && !(await isQueued(tx, scope.workspaceId, sweepJobKind)))
    await services.jobs.enqueue(tx, { workspaceId: scope.workspaceId, kind: sweepJobKind, input: {}, createdBy })
  return dropped
}
