/** Computes the table and writes it: the files, and in PostgreSQL the views. Run again, it writes the same. */
import { z } from 'zod'
import { notFound } from '../../platform/errors.ts'
import { jobKind } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { listDefinitionVersions } from '../features/definitions/queries.ts'
import { listFeatures } from '../features/queries.ts'
import { outFolderOf, writeOut } from './files.ts'
import { findOut, replaceOutTable, saveWritten, takeDue } from './queries.ts'
import { schemaOf } from './rules.ts'
import { readOutTable } from './table.ts'

export const outJob = jobKind({
  kind: 'insights.out',
  touches: ['insights.out'],
  input: z.object({}),
  due: takeDue,
  async run({ services, db, workspaceId, scope, now, signal, progress }) {
    const workspace = await findWorkspace(db, workspaceId)
    if (!workspace) throw notFound('workspace', workspaceId)
    const { segmentBys } = await findOut(db, scope)
    const features = await listFeatures(db, scope)
    const versions = await listDefinitionVersions(db, scope)
    const at = now()
    let done = 0
    const onMonths = (months: number) => {
      done += months
      progress({ label: 'Computing the table', done, total: null, unit: 'months' })
    }
    const rows = await (
      await services.warehouses.open(workspaceId)
    ).read(
      (con) =>
        readOutTable(con, { chosen: segmentBys, features, versions, currency: workspace.currency, at, onMonths }),
      signal,
    )
    signal.throwIfAborted()
    await writeOut(outFolderOf(services, workspace.slug), rows)
    const months = rows.map((row) => row.month).sort()
    await services.transaction(async (tx) => {
      if (!services.isEmbedded) await replaceOutTable(tx, schemaOf(workspace.slug), rows)
      await saveWritten(tx, scope, {
        at,
        rows: rows.length,
        firstMonth: months[0]?.slice(0, 7) ?? null,
        lastMonth: months.at(-1)?.slice(0, 7) ?? null,
        dataTo: rows[0]?.data_to ?? null,
      })
      await notifyLive(tx, workspaceId, ['insights.out'])
    })
    return { state: 'done', result: { rows: rows.length } }
  },
})
