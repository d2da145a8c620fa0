import type { Db } from '../../../platform/db/database.ts'
import { newId } from '../../../platform/ids.ts'
import { insights } from '../../tables.ts'
import { Mapping, type SourceColumn } from '../schemas.ts'
import type { Scope } from '../../../platform/scope.ts'

export interface SavedMapping {
  id: string
  name: string
  mapping: Mapping
  headerSignature: string
  updatedAt: Date
}

/** Files with the same columns, in whatever order, are offered the same mapping. */
export const signatureOf = (columns: readonly Pick<SourceColumn, 'name'>[]): string =>
  JSON.stringify(columns.map((c) => c.name).sort())

const shape = (row: {
  id: string
  name: string
  mapping: unknown
  header_signature: string
  updated_at: Date
}): SavedMapping => ({
  id: row.id,
  name: row.name,
  mapping: Mapping.parse(row.mapping),
  headerSignature: row.header_signature,
  updatedAt: row.updated_at,
})

export async function listMappings(db: Db, scope: Scope): Promise<SavedMapping[]> {
  const rows = await insights(db)
    .selectFrom('import_mapping')
    .where('workspace_id', '=', scope.workspaceId)
    .selectAll()
    .orderBy('updated_at', 'desc')
    .execute()
  return rows.map(shape)
}

export async function saveMapping(
  db: Db,
  scope: Scope,
  saved: { name: string; mapping: Mapping; headerSignature: string },
  at: Date,
): Promise<string> {
  const row = { mapping: JSON.stringify(saved.mapping), header_signature: saved.headerSignature, updated_at: at }
  const { id } = await insights(db)
    .insertInto('import_mapping')
    .values({
      id: newId(at.getTime()),
      workspace_id: scope.workspaceId,
      dataset: saved.mapping.dataset,
      name: saved.name,
      ...row,
    })
    .onConflict((c) =>
      c
        .columns(['workspace_id', 'dataset', 'name'])
        .doUpdateSet((eb) => ({ ...row, version: eb('import_mapping.version', '+', 1) })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function deleteMapping(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('import_mapping')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
