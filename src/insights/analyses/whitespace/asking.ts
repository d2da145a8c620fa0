/** What is asked of the whitespace: which accounts and features, what is known of these, and who may use them. */
import { z } from 'zod'
import type { WorkspaceContext } from '../../../platform/operation.ts'
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { addDays, monthIndex } from '../../../platform/calendar/month.ts'
import { renewalWindow } from '../ground/accounts-behind.ts'
import type { BlockQuery } from '../ground/adoption-sql.ts'
import { blockQuery, needHistory, pickMonth } from '../ground/asking.ts'
import { latestAssociation } from '../association/queries.ts'
import { pairsSql } from '../ground/entitled.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { Amount, DataText } from '../../../platform/field-types.ts'

export const WhitespaceInput = SegmentBy.extend({
  month: Month.optional(),
  adoptionMonths: z.int().min(1).max(12).default(3),
  featureIds: z
    .array(z.uuid())
    .max(100)
    .default([])
    .describe('Which features; core ones where absent, all where none is core'),
  segments: z.array(DataText).max(50).default([]),
  owners: z.array(DataText).max(100).default([]),
  renewsWithinDays: z.int().min(1).max(730).optional().describe('only accounts that renew within so many days'),
  leastArr: Amount.default(0).describe('only accounts with at least so much ARR'),
})
export type WhitespaceInput = z.infer<typeof WhitespaceInput>

export const EvidenceWord = z.enum(['associated', 'no-clear-association', 'not-enough-data', 'not-asked'])
export interface Asked {
  q: BlockQuery
  month: string
  window: { from: string; to: string }
  where: string
  chosen: string
  evidence: Evidence
}
/** What is known of each feature, by its key. */
export type Evidence = ReadonlyMap<string, { evidence: z.infer<typeof EvidenceWord>; word: string }>

const among = (column: string, values: readonly string[]): string =>
  values.length === 0 ? 'true' : `${column} in (${values.map((v) => textLiteral(v)).join(', ')})`

/**
 * A test on `f`: the features asked for, else the core ones, else all. Whether any is core is asked first: within a statement the
 * engine multiplies accounts with all features before it looks.
 */
export async function chosenFeatures(con: Connection, featureIds: readonly string[] = []): Promise<string> {
  if (featureIds.length > 0) return among('f.key', featureIds)
  const [catalogue] = await con.kept<{ hasCore: boolean }>('select exists (from feature where is_core) as "hasCore"')
  return catalogue!.hasCore ? 'f.is_core' : 'true'
}

/** What the input asks for, as tests on `pair`, `c` and `f`. */
export async function ask(context: WorkspaceContext, con: Connection, input: WhitespaceInput): Promise<Asked> {
  const month = pickMonth(input.month, await needHistory(con))
  const index = monthIndex(month)
  const window = renewalWindow(index, context.now().toISOString().slice(0, 10))
  const run = await latestAssociation(context.db, context.scope)
  const due =
    input.renewsWithinDays === undefined
      ? 'true'
      : `c.renewal_date >= ${dayLiteral(window.from)} and c.renewal_date <= ${dayLiteral(addDays(window.from, input.renewsWithinDays))}`
  return {
    q: await blockQuery(con, input, index),
    month,
    window,
    evidence: new Map((run?.result.features ?? []).map((r) => [r.featureId, { evidence: r.evidence, word: r.word }])),
    chosen: await chosenFeatures(con, input.featureIds),
    where: [
      among('pair.segment', input.segments),
      among(`coalesce(c.owner, 'no owner')`, input.owners),
      `pair.arr >= ${Math.round(input.leastArr * 100)}`,
      due,
    ].join(' and '),
  }
}

/**
 * Measured pairs of account and feature, adopted or not, as the table `told`: numbers alone, so that names are looked up for what is
 * shown only. `fits`: within what is asked; `soon`: renews in the next 90 days.
 */
export const toldSql = ({ q, chosen, where, window }: Asked) => `
  with ${pairsSql(q, chosen)},
  told as materialized (
    select
      pair.account_id, pair.feature_id, pair.segment, pair.arr, pair.adopted,
      coalesce(c.renewal_date between ${dayLiteral(window.from)} and ${dayLiteral(window.to)}, false) as soon,
      coalesce(${where}, false) as fits
    from pair
    join customer c on c.account_id = pair.account_id
    where pair.measured = 1
  )`

/** What is known best comes first. */
export const ranks = { associated: 0, 'no-clear-association': 1, 'not-enough-data': 2, 'not-asked': 3 }

export interface Sums {
  all: number
  n: number
  arr: number
  pairs: number
  due_n: number
  due_arr: number
}

/** Each account once, however many of the features it does not use. */
export const sumsSql = `
    select
      count(*) as "all",
      count(*) filter (open > 0) as n,
      coalesce(sum(arr) filter (open > 0), 0)::bigint as arr,
      coalesce(sum(open), 0)::bigint as pairs,
      count(*) filter (open > 0 and soon) as due_n,
      coalesce(sum(arr) filter (open > 0 and soon), 0)::bigint as due_arr
    from (
      select account_id, any_value(arr) as arr, sum(1 - adopted) as open, any_value(soon) as soon
      from told
      where fits
      group by account_id
    )`
