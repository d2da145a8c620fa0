/** The tables of the decisions log in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { PlatformTables } from '../platform/db/tables.ts'

type Time = ColumnType<Date, Date, Date>
export type State = 'draft' | 'decided' | 'revisited' | 'withdrawn'
export type Outcome = 'kept' | 'changed' | 'reversed'

interface DecisionTable {
  id: string
  workspace_id: string
  state: State
  edition: Generated<number>
  decider_id: string | null
  decided_by: string | null
  decided_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  revisit_on: string | null
  figure_then: ColumnType<unknown, string | null | undefined, string | null>
  figure_revisited: ColumnType<unknown, string | null | undefined, string | null>
  revisited_by: string | null
  revisited_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  outcome: Outcome | null
  learnt: string | null
  withdrawn_by: string | null
  withdrawn_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  withdrawn_because: string | null
  prepared_by: string
  created_at: Time
  updated_at: Time
  version: Generated<number>
}

export type DecisionsTables = {
  decision: DecisionTable
  decision_edition: {
    decision_id: string
    edition: number
    content: ColumnType<unknown, string, string>
    reason: string | null
    written_by: string
    written_at: Time
  }
}

export const decisions = (db: Db): Kysely<PlatformTables & DecisionsTables> => db.withTables<DecisionsTables>()
