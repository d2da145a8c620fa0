/** What a commit would say, without writing: for the step before the commit. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { SourceFile } from '../reading/source.ts'
import type { Check, Mapping } from '../schemas.ts'
import { stageDimension } from './dimensions.ts'
import { locate } from './rejects.ts'
import { readUsage } from './usage.ts'

const shown = 50

export async function checkFile(
  con: Connection,
  source: SourceFile,
  mapping: Mapping,
  { currency, today }: { currency: string; today: string },
): Promise<Check> {
  await source.verify()
  const isUsage = mapping.dataset === 'usage'
  const reading = isUsage
    ? await readUsage(con, source, mapping, today)
    : { ...(await stageDimension(con, source, mapping, currency)), firstDay: null, lastDay: null }
  const rejects = await locate(source, reading.bad, reading.unreadable)
  const reasons = new Map<string, { rows: number; firstLine: number }>()
  for (const { reason, line } of rejects) {
    const seen = reasons.get(reason)
    if (seen) seen.rows += 1
    else reasons.set(reason, { rows: 1, firstLine: line })
  }
  const sample = isUsage
    ? []
    : await con.all<Record<string, string | null>>(
        `
          select cast(columns(* exclude (row_no, is_empty, reason, field, value, raw)) as varchar)
          from stage
          order by row_no
          limit 10`,
      )
  return {
    read: reading.read,
    accepted: reading.read - reading.rejected,
    rejected: reading.rejected,
    reasons: [...reasons].map(([reason, r]) => ({ reason, ...r })).sort((a, b) => b.rows - a.rows),
    firstRejects: rejects.slice(0, shown),
    firstDay: reading.firstDay,
    lastDay: reading.lastDay,
    sample,
  }
}
