/** A file that was uploaded, or named on the server's disk, opened for the time of one piece of work. */
import { stat } from 'node:fs/promises'
import { notFound, precondition } from '../../../platform/errors.ts'
import { findUpload, pathOf, type Upload } from '../../../platform/files/queries/uploads.ts'
import type { WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { openSource, type LookedFor, type SourceFile } from '../reading/source.ts'
import type { FileOptions } from '../schemas.ts'

async function needUpload({ db, scope }: WorkspaceContext, id: string): Promise<Upload> {
  const upload = await findUpload(db, scope, id)
  if (!upload) throw notFound('uploaded file', id)
  return upload
}

export async function withSource<T>(
  context: WorkspaceContext,
  uploadId: string,
  file: FileOptions,
  work: (con: Connection, source: SourceFile, upload: Upload) => Promise<T>,
  known: LookedFor | null = null,
): Promise<T> {
  const upload = await needUpload(context, uploadId)
  const path = pathOf(context.services.files, upload)
  await stat(path).catch(() => {
    throw precondition(
      `The file “${upload.name}” is no longer on the server: it was imported already, or moved. Upload it again.`,
    )
  })
  const warehouse = await context.services.warehouses.open(context.scope.workspaceId)
  return warehouse.read(async (con) => {
    const reading = { path, fileName: upload.name, signal: context.signal }
    const source = await openSource(con, context.services.files, reading, file, known)
    try {
      return await work(con, source, upload)
    } finally {
      await source.close()
    }
  }, context.signal)
}
