import type { Db } from '../../db/database.ts'
import type { Files } from '../files.ts'
import type { Scope } from '../../scope.ts'

export interface Upload {
  id: string
  workspaceId: string
  name: string
  sizeBytes: number
  sha256: string
  outsidePath: string | null
}

export async function insertUpload(db: Db, upload: Upload & { createdBy: string; createdAt: Date }): Promise<void> {
  await db
    .insertInto('upload')
    .values({
      id: upload.id,
      workspace_id: upload.workspaceId,
      name: upload.name,
      size_bytes: upload.sizeBytes,
      sha256: upload.sha256,
      outside_path: upload.outsidePath,
      created_by: upload.createdBy,
      created_at: upload.createdAt,
    })
    .execute()
}

export async function findUpload(db: Db, scope: Scope, id: string): Promise<Upload | null> {
  const row = await db
    .selectFrom('upload')
    .selectAll()
    .where('id', '=', id)
    .where('workspace_id', '=', scope.workspaceId)
    .executeTakeFirst()
  return row
    ? {
        id: row.id,
        workspaceId: row.workspace_id,
        name: row.name,
        sizeBytes: row.size_bytes,
        sha256: row.sha256,
        outsidePath: row.outside_path,
      }
    : null
}

export const pathOf = (files: Files, upload: Upload): string => upload.outsidePath ?? files.path(upload.id)
