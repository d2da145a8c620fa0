/** The tables of the listening tour in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Audience } from '../taxonomy.ts'

type Time = ColumnType<Date, Date, Date>

interface WaveTable {
  id: string
  workspace_id: string
  audience: Audience
  title: string
  state: 'draft' | 'open' | 'closed'
  note: string
  questions: ColumnType<unknown, string, string>
  group_of: number
  closes_on: string
  opened_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  closed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  left_over: number | null
  playback: ColumnType<unknown, string | null | undefined, string | null>
  playback_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  created_by: string
  created_at: Time
  version: Generated<number>
}
interface InvitedTable {
  id: string
  workspace_id: string
  wave_id: string
  name: string
  email: string
  asked_on: string | null
  reminders: Generated<number>
}
interface TokenTable {
  token_hash: string
  workspace_id: string
  wave_id: string
  mark: Generated<number>
}
interface WaitingTable {
  slot: string
  workspace_id: string
  wave_id: string
  sealed: string
}
interface AnswerTable {
  id: string
  workspace_id: string
  wave_id: string
  content: ColumnType<unknown, string, string>
}
interface CodingTable {
  id: string
  workspace_id: string
  answer_id: string
  entry: number
  code: string
  version: Generated<number>
}
interface InterviewTable {
  id: string
  workspace_id: string
  audience: Audience
  person: string
  role: string
  slot: ColumnType<Date | null, Date | null | undefined, Date | null>
  state: 'planned' | 'held'
  notes: string
  share: number | null
  frictions: ColumnType<unknown, string, string>
  may_quote: Generated<boolean>
  held_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  created_by: string
  created_at: Time
  version: Generated<number>
}

export type TourTables = {
  tour_wave: WaveTable
  tour_invited: InvitedTable
  tour_token: TokenTable
  tour_waiting: WaitingTable
  tour_answer: AnswerTable
  tour_coding: CodingTable
  tour_interview: InterviewTable
}

export const tourTables = (db: Db): Kysely<PlatformTables & TourTables> => db.withTables<TourTables>()
