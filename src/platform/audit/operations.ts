import { z } from 'zod'
import { operation } from '../operation.ts'
import { listAudit } from './queries.ts'

const AuditRow = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string().nullable(),
  face: z.string(),
  operation: z.string(),
  outcome: z.enum(['done', 'denied']),
  target: z.string().nullable(),
})

export const listAuditOperation = operation({
  name: 'audit.list',
  summary: 'Who did what, newest first',
  kind: 'read',
  may: 'audit:read',
  input: z.object({
    cursor: z.uuid().optional(),
    limit: z.int().min(1).max(200).default(50),
    operation: z.string().max(100).optional(),
    outcome: z.enum(['done', 'denied']).optional(),
  }),
  output: z.object({ rows: z.array(AuditRow), nextCursor: z.string().nullable() }),
  example: () => ({ limit: 10 }),
  csv: { fileName: () => 'audit.csv', rows: (output) => output.rows },
  async run({ db, scope }, { cursor, limit, ...filter }) {
    const rows = await listAudit(db, scope, { before: cursor, limit: limit + 1, ...filter })
    const page = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }))
    return { rows: page, nextCursor: rows.length > limit ? page.at(-1)!.id : null }
  },
})
