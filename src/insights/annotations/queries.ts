import type { Db } from '../../platform/db/database.ts'
import { insights } from '../tables.ts'
import type { Annotation, AnnotationDraft } from './schemas.ts'
import type { Scope } from '../../platform/scope.ts'

/** The latest first. */
export async function listAnnotations(db: Db, scope: Scope): Promise<Annotation[]> {
  const rows = await insights(db)
    .selectFrom('annotation')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'kind', 'from_day', 'to_day', 'note', 'version', 'created_by'])
    .orderBy('from_day', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    from: r.from_day,
    to: r.to_day,
    text: r.note,
    version: r.version,
    by: r.created_by,
  }))
}

export async function insertAnnotation(
  db: Db,
  scope: Scope,
  { id, kind, from, to, text }: AnnotationDraft & { id: string },
  by: string,
  at: Date,
): Promise<void> {
  await insights(db)
    .insertInto('annotation')
    .values({
      id,
      workspace_id: scope.workspaceId,
      kind,
      from_day: from,
      to_day: to,
      note: text,
      created_by: by,
      created_at: at,
      updated_at: at,
    })
    .execute()
}

/** @returns whether the version was still the one that was read */
export async function updateAnnotation(
  db: Db,
  scope: Scope,
  { id, version, kind, from, to, text }: AnnotationDraft & { id: string; version: number },
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('annotation')
    .set({ kind, from_day: from, to_day: to, note: text, updated_at: at, version: version + 1 })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function deleteAnnotation(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('annotation')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
