/** What a commit would say, without writing: for the step before the commit. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { FileReading } from '../declaration.ts'
import type { Check } from '../schemas.ts'
import { lookAtRows } from './dimensions.ts'
import { locate } from './rejects.ts'

const shown = 50

export async function checkFile(con: Connection, reading: FileReading): Promise<Check> {
  const { source } = reading
  const { target } = reading.dataset
  await source.verify()
  const found = await (target.store === 'warehouse'
    ? target.look(con, reading)
    : lookAtRows(con, reading, target.staging))
  const rejects = await locate(source, found.bad, found.unreadable)
  const reasons = new Map<string, { rows: number; firstLine: number }>()
  for (const { reason, line } of rejects) {
    const seen = reasons.get(reason)
    if (seen) seen.rows += 1
    else reasons.set(reason, { rows: 1, firstLine: line })
  }
  return {
    read: found.read,
    accepted: found.read - found.rejected,
    rejected: found.rejected,
    reasons: [...reasons].map(([reason, r]) => ({ reason, ...r })).sort((a, b) => b.rows - a.rows),
    firstRejects: rejects.slice(0, shown),
    firstDay: found.firstDay,
    lastDay: found.lastDay,
    sample: found.sample,
  }
}
