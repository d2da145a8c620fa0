import type { Db } from '../platform/db/database.ts'
import { json } from '../platform/db/record-fields.ts'
import { recordKind } from '../platform/db/record.ts'
import { decisions, type Outcome, type State } from './tables.ts'
import type { DecisionContent } from './schemas.ts'
import { MeasurePoint } from '../insights/targets/measures.ts'
import type { Scope } from '../platform/scope.ts'

interface StoredEdition {
  edition: number
  content: DecisionContent
  reason: string | null
  by: string
  at: Date
}
export interface StoredDecision {
  id: string
  state: State
  version: number
  edition: number
  deciderId: string | null
  decidedAt: Date | null
  revisitOn: string | null
  figureThen: MeasurePoint | null
  figureRevisited: MeasurePoint | null
  revisitedBy: string | null
  revisitedAt: Date | null
  outcome: Outcome | null
  learnt: string | null
  withdrawnBy: string | null
  withdrawnAt: Date | null
  withdrawnBecause: string | null
  preparedBy: string
  createdAt: Date
  updatedAt: Date
  content: DecisionContent
}

const columns = [
  'decision.id',
  'decision.state',
  'decision.version',
  'decision.edition',
  'decision.decider_id as deciderId',
  'decision.decided_at as decidedAt',
  'decision.revisit_on as revisitOn',
  'decision.figure_then as figureThen',
  'decision.figure_revisited as figureRevisited',
  'decision.revisited_by as revisitedBy',
  'decision.revisited_at as revisitedAt',
  'decision.outcome',
  'decision.learnt',
  'decision.withdrawn_by as withdrawnBy',
  'decision.withdrawn_at as withdrawnAt',
  'decision.withdrawn_because as withdrawnBecause',
  'decision.prepared_by as preparedBy',
  'decision.created_at as createdAt',
  'decision.updated_at as updatedAt',
  'decision_edition.content',
] as const

const current = (db: Db, scope: Scope) =>
  decisions(db)
    .selectFrom('decision')
    .innerJoin('decision_edition', (join) =>
      join
        .onRef('decision_edition.decision_id', '=', 'decision.id')
        .onRef('decision_edition.edition', '=', 'decision.edition'),
    )
    .where('decision.workspace_id', '=', scope.workspaceId)
    .select(columns)

/** What stands in a JSON column was written from its schema by this room alone. */
const asStored = (row: object) => row as StoredDecision

export async function findDecision(db: Db, scope: Scope, id: string): Promise<StoredDecision | null> {
  const row = await current(db, scope).where('decision.id', '=', id).executeTakeFirst()
  return row ? asStored(row) : null
}

export async function listDecisions(
  db: Db,
  scope: Scope,
  wanted: { before?: string; limit: number; state?: State; dueOn?: string; ids?: readonly string[] },
): Promise<StoredDecision[]> {
  let query = current(db, scope)
  if (wanted.before) query = query.where('decision.id', '<', wanted.before)
  if (wanted.state) query = query.where('decision.state', '=', wanted.state)
  if (wanted.dueOn)
    query = query.where('decision.state', '=', 'decided').where('decision.revisit_on', '<=', wanted.dueOn)
  if (wanted.ids) {
    if (wanted.ids.length === 0) return []
    query = query.where('decision.id', 'in', wanted.ids)
  }
  return (await query.orderBy('decision.id', 'desc').limit(wanted.limit).execute()).map(asStored)
}

export async function listEditions(db: Db, id: string): Promise<StoredEdition[]> {
  const rows = await decisions(db)
    .selectFrom('decision_edition')
    .where('decision_id', '=', id)
    .select(['edition', 'content', 'reason', 'written_by as by', 'written_at as at'])
    .orderBy('edition')
    .execute()
  return rows.map((row) => ({ ...row, content: row.content as DecisionContent }))
}

export async function insertDecision(
  db: Db,
  scope: Scope,
  decision: { id: string; deciderId: string | null; content: DecisionContent; by: string; at: Date },
): Promise<void> {
  const { id, at, by, deciderId } = decision
  await decisionRecords.insert(db, scope, { id, state: 'draft', deciderId, preparedBy: by }, at)
  await insertEdition(db, id, { edition: 1, content: decision.content, reason: null, by, at })
}

export async function insertEdition(
  db: Db,
  id: string,
  { edition, content, reason, by, at }: StoredEdition,
): Promise<void> {
  await decisions(db)
    .insertInto('decision_edition')
    .values({ decision_id: id, edition, content: JSON.stringify(content), reason, written_by: by, written_at: at })
    .execute()
}

/** Only a draft's; the database refuses it for what was decided. */
export async function rewriteEdition(
  db: Db,
  id: string,
  { edition, content, by, at }: Omit<StoredEdition, 'reason'>,
): Promise<void> {
  await decisions(db)
    .updateTable('decision_edition')
    .set({ content: JSON.stringify(content), written_by: by, written_at: at })
    .where('decision_id', '=', id)
    .where('edition', '=', edition)
    .execute()
}

/** The row of a decision; its content stands in its editions. */
export const decisionRecords = recordKind(decisions, {
  table: 'decision',
  noun: 'decision',
  fields: {
    state: 'state',
    edition: 'edition',
    deciderId: 'decider_id',
    decidedBy: 'decided_by',
    decidedAt: 'decided_at',
    revisitOn: 'revisit_on',
    figureThen: json('figure_then', MeasurePoint.nullable()),
    figureRevisited: json('figure_revisited', MeasurePoint.nullable()),
    revisitedBy: 'revisited_by',
    revisitedAt: 'revisited_at',
    outcome: 'outcome',
    learnt: 'learnt',
    withdrawnBy: 'withdrawn_by',
    withdrawnAt: 'withdrawn_at',
    withdrawnBecause: 'withdrawn_because',
    preparedBy: 'prepared_by',
  },
  stamps: ['created_at', 'updated_at'],
})
export type DecisionChange = Parameters<typeof decisionRecords.changeAtVersion>[2]
