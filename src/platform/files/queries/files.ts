import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { Scope } from '../../scope.ts'
import type { Received } from '../contents.ts'
import { fileTables } from '../tables.ts'

export interface StoredFile {
  id: string
  kind: string
  name: string
  mediaType: string
  owner: { kind: string; id: string }
  content: Received
  createdBy: string
  createdAt: Date
}

/** Whoever else of the workspace adds a file waits until this transaction ends: together they stay within the quota. */
export async function lockQuota(tx: Db, scope: Scope): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`files ${scope.workspaceId}`}, 0))`.execute(tx)
}

/** Each content once, however many files are of it. */
export async function bytesHeld(db: Db, scope: Scope): Promise<number> {
  const row = await fileTables(db)
    .selectFrom('file_content')
    .select(sql<number>`coalesce(sum(size_bytes), 0)::bigint`.as('bytes'))
    .where('workspace_id', '=', scope.workspaceId)
    .where('removing_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.bytes
}

/** The content of these bytes that is there to stay; held, so that no sweep takes it until the transaction ends. */
export async function holdContent(tx: Db, scope: Scope, sha256: string): Promise<string | null> {
  const row = await fileTables(tx)
    .selectFrom('file_content')
    .select('id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('sha256', '=', sha256)
    .where('removing_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row?.id ?? null
}

export async function insertContent(tx: Db, scope: Scope, content: Received, at: Date): Promise<void> {
  await fileTables(tx)
    .insertInto('file_content')
    .values({
      id: content.contentId,
      workspace_id: scope.workspaceId,
      sha256: content.sha256,
      size_bytes: content.sizeBytes,
      stored_at: at,
    })
    .execute()
}

export async function insertFile(
  tx: Db,
  scope: Scope,
  file: Omit<StoredFile, 'content'> & { contentId: string },
): Promise<void> {
  await fileTables(tx)
    .insertInto('file')
    .values({
      id: file.id,
      workspace_id: scope.workspaceId,
      content_id: file.contentId,
      kind: file.kind,
      name: file.name,
      media_type: file.mediaType,
      owner_kind: file.owner.kind,
      owner_id: file.owner.id,
      created_by: file.createdBy,
      created_at: file.createdAt,
    })
    .execute()
}

const listed = (db: Db, scope: Scope) =>
  fileTables(db)
    .selectFrom('file')
    .innerJoin('file_content as c', 'c.id', 'file.content_id')
    .where('file.workspace_id', '=', scope.workspaceId)
    .select([
      'file.id',
      'file.kind',
      'file.name',
      'file.media_type',
      'file.owner_kind',
      'file.owner_id',
      'file.created_by',
      'file.created_at',
      'c.id as content_id',
      'c.sha256',
      'c.size_bytes',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number]
const shape = (row: Row): StoredFile => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  mediaType: row.media_type,
  owner: { kind: row.owner_kind, id: row.owner_id },
  content: { contentId: row.content_id, sha256: row.sha256, sizeBytes: row.size_bytes },
  createdBy: row.created_by,
  createdAt: row.created_at,
})

export async function findFile(db: Db, scope: Scope, id: string): Promise<StoredFile | null> {
  const row = await listed(db, scope).where('file.id', '=', id).executeTakeFirst()
  return row ? shape(row) : null
}

export async function filesOf(db: Db, scope: Scope, owner: { kind: string; id: string }): Promise<StoredFile[]> {
  const rows = await listed(db, scope)
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .orderBy('created_at')
    .orderBy('file.id')
    .execute()
  return rows.map(shape)
}

/** Takes files away; the sweep takes their bytes where nothing else is of them. @returns how many there were */
export async function deleteFiles(
  tx: Db,
  scope: Scope,
  which: { id: string } | { owner: { kind: string; id: string } } | { kind: string; before: Date },
): Promise<number> {
  let query = fileTables(tx).deleteFrom('file').where('workspace_id', '=', scope.workspaceId)
  if ('id' in which) query = query.where('id', '=', which.id)
  else if ('owner' in which)
    query = query.where('owner_kind', '=', which.owner.kind).where('owner_id', '=', which.owner.id)
  else query = query.where('kind', '=', which.kind).where('created_at', '<', which.before)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

/** Marks what no file is of any more: no new file takes it from then on. @returns all that is marked, of an earlier sweep too */
export async function markUnused(tx: Db, scope: Scope, now: Date): Promise<Received[]> {
  // Locked first, so that a file that is just being added of the same bytes is seen, or sees the mark.
  const candidates = await fileTables(tx)
    .selectFrom('file_content')
    .select('id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('removing_at', 'is', null)
    .where(sql<boolean>`not exists (select 1 from file where file.content_id = file_content.id)`)
    .forUpdate()
    .execute()
  if (candidates.length > 0)
    await fileTables(tx)
      .updateTable('file_content')
      .set({ removing_at: now })
      .where(
        'id',
        'in',
        candidates.map((c) => c.id),
      )
      .where(sql<boolean>`not exists (select 1 from file where file.content_id = file_content.id)`)
      .execute()
  return fileTables(tx)
    .selectFrom('file_content')
    .select(['id as contentId', 'sha256', 'size_bytes as sizeBytes'])
    .where('workspace_id', '=', scope.workspaceId)
    .where('removing_at', 'is not', null)
    .execute()
}

export async function deleteContent(db: Db, scope: Scope, contentId: string): Promise<void> {
  await fileTables(db)
    .deleteFrom('file_content')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', contentId)
    .where('removing_at', 'is not', null)
    .execute()
}

/** Which of these contents rows know of. */
export async function knownContents(db: Db, scope: Scope): Promise<Set<string>> {
  const rows = await fileTables(db)
    .selectFrom('file_content')
    .select('id')
    .where('workspace_id', '=', scope.workspaceId)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Workspaces that hold files and that were not swept for a day. */
export async function workspacesToSweep(
  db: Db,
  kind: string,
  sweptBefore: Date,
): Promise<{ workspaceId: string; createdBy: string }[]> {
  const rows = await fileTables(db)
    .selectFrom('file_content')
    .select('workspace_id')
    .distinct()
    .where(
      sql<boolean>`not exists (select 1 from job where job.workspace_id = file_content.workspace_id and job.kind = ${kind} and job.created_at > ${sweptBefore})`,
    )
    .execute()
  return rows.map((row) => ({ workspaceId: row.workspace_id, createdBy: 'files' }))
}
