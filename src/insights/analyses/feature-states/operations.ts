/** How much ARR stands behind each feature's adoption: every account of the book in exactly one state per feature. */
import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { adoptionStates, type AdoptionState } from '../../features/adoption-states.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { plural, percent, shortDay, shortMoney } from '../../../platform/wording.ts'
import { accountsSql, entitledSql, everAdoptedSql, sumsOf, usedSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

const State = z.object({ state: z.enum(adoptionStates), accounts: z.int(), arr: z.number() })
export const FeatureStates = z.object({
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  segment: z.string(),
  accounts: z.int(),
  arr: z.number(),
  states: z.array(State),
})
export type FeatureStates = z.infer<typeof FeatureStates>

/**
 * The state of every account of the book, per feature that is released at the day. Of those entitled and measured: adopted (by the
 * definition in force), dormant (had adopted at an earlier month's end, has not now), tried (any use so far, paid or not, and never
 * adopted), never used. The states of one feature sum to the book; sums over features mean nothing, an account uses many.
 * @returns ARR in cents
 */
export async function readFeatureStates(
  con: Connection,
  q: BlockQuery,
): Promise<{ feature_id: number; segment: string; state: AdoptionState; n: number; arr: number }[]> {
  return con.all(statesSql(q))
}

function statesSql(given: BlockQuery): string {
  const q = { ...given, tag: '' }
  const day = dayLiteral(monthEnd(q.month))
  const { pairs, eligible, adopterJoin } = entitledSql(q, day, sumsOf(q))
  const isAsked = q.feature === undefined ? 'feature_id > 0' : `feature_id = ${q.feature}`
  return `
    with ${accountsSql(q)},
    now_used as (${usedSql(q)}),
    ever as (${everAdoptedSql(q)}),
    used as (
      select account_id, feature_id, max(rank) as rank
      from (
        select account_id, feature_id, 3 as rank from now_used
        union all select account_id, feature_id, 2 from ever
        union all select account_id, feature_id, 1 from af where ${isAsked} and first_day <= ${day}
      ) marks
      group by account_id, feature_id
    ),
    ${pairs}
    eligible as (${eligible}),
    told as (
      select
        acc.segment as segment,
        used.feature_id as feature_id,
        used.rank as rank,
        count(*) as n,
        sum(acc.arr) as arr
      from used
      join acc on acc.account_id = used.account_id
      ${adopterJoin}
      where acc.measured = 1
      group by acc.segment, used.feature_id, used.rank
    ),
    told_all as (
      select segment, feature_id, sum(n) as n, sum(arr) as arr
      from told
      group by segment, feature_id
    ),
    book as (select segment, count(*) as n, sum(arr) as arr from acc group by segment),
    released as (select feature_id from feature where ${isAsked} and (released_on is null or released_on <= ${day}))
    select *
    from (
      select
        t.segment as segment,
        t.feature_id as feature_id,
        case t.rank when 3 then 'adopted' when 2 then 'dormant' else 'tried' end as state,
        t.n as n,
        t.arr as arr
      from told t
      join released r on r.feature_id = t.feature_id
      union all
      select e.segment, e.feature_id, 'never-used', e.n - coalesce(t.n, 0), e.arr_sum - coalesce(t.arr, 0)
      from eligible e
      join released r on r.feature_id = e.feature_id
      left join told_all t on t.segment = e.segment and t.feature_id = e.feature_id
      union all
      select e.segment, e.feature_id, 'not-measured', e.not_n, e.not_arr_sum
      from eligible e
      join released r on r.feature_id = e.feature_id
      union all
      select
        b.segment, r.feature_id, 'not-entitled',
        b.n - coalesce(e.n + e.not_n, 0),
        b.arr - coalesce(e.arr_sum + e.not_arr_sum, 0)
      from book b
      cross join released r
      left join eligible e on e.segment = b.segment and e.feature_id = r.feature_id
    ) states
    where n > 0
    order by feature_id, segment, state`
}

/** Of a feature that the data does not hold yet, nobody is in any state. */
const noFeature = -1

export const analyseFeatureStates = operation({
  name: 'insights.analyses.featureStates',
  summary: 'ARR by feature adoption: each account adopted, dormant, tried, never used, not measured or not entitled',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse feature-states',
  input: SegmentBy.extend({
    month: Month.optional(),
    adoptionMonths: z.int().min(1).max(12).default(3),
    restated: z.boolean().default(false).describe('By the latest definitions for all time'),
    featureId: z.uuid().optional().describe('Only this feature; all where absent'),
  }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    currency: z.string(),
    rows: z.array(FeatureStates),
    segments: z.array(z.string()),
  }),
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `arr-by-adoption-${o.month}.csv`,
    rows: (o) =>
      o.rows.flatMap((r) =>
        r.states.map((s) => ({
          feature: r.feature,
          area: r.area,
          core: r.isCore,
          segment: r.segment,
          state: s.state,
          accounts: s.accounts,
          arr: s.arr,
        })),
      ),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const month = pickMonth(input.month, await needHistory(con))
      const all = await con.kept<{
        feature_id: number
        key: string
        name: string
        area: string | null
        isCore: boolean
      }>('select feature_id, key, name, area, is_core as "isCore" from feature order by is_core desc, name')
      const features = input.featureId === undefined ? all : all.filter((f) => f.key === input.featureId)
      const one = input.featureId === undefined ? {} : { feature: features[0]?.feature_id ?? noFeature }
      const found = await readFeatureStates(con, { ...(await blockQuery(con, input, monthIndex(month))), ...one })
      const segments = [...new Set(found.map((r) => r.segment))].sort()
      const byFeature = Map.groupBy(found, (r) => r.feature_id)
      const rows = features.flatMap((f) => {
        const mine = byFeature.get(f.feature_id) ?? []
        return mine.length === 0
          ? []
          : ['All', ...segments].map((segment) => stateRow(f, segment, mine)).filter((r) => r.accounts > 0)
      })
      return {
        month,
        currency,
        rows,
        segments,
        answer: sayStates(rows, currency),
        standing: await readStanding(
          con,
          {
            currency,
            period: `At ${shortDay(monthEnd(monthIndex(month)))}`,
            base: 'All accounts with ARR, each in one state per feature',
            definitions: ['adoption-state', 'adoption-definition', 'eligible', 'arr'],
            notes: [
              'The states of one feature add up to the book. Figures of several features do not add up: an account uses many.',
              ...(input.restated ? ['By the latest definitions for all time.'] : []),
            ],
          },
          [adoptionRange(monthIndex(month), input.adoptionMonths)],
        ),
      }
    })
  },
})

function stateRow(
  f: { name: string; area: string | null; isCore: boolean },
  segment: string,
  found: readonly { segment: string; state: AdoptionState; n: number; arr: number }[],
): FeatureStates {
  const mine = found.filter((r) => segment === 'All' || r.segment === segment)
  const states = adoptionStates.map((state) => {
    const of = mine.filter((r) => r.state === state)
    return { state, accounts: of.reduce((sum, r) => sum + r.n, 0), arr: of.reduce((sum, r) => sum + r.arr, 0) / 100 }
  })
  return {
    feature: f.name,
    area: f.area,
    isCore: f.isCore,
    segment,
    accounts: states.reduce((sum, s) => sum + s.accounts, 0),
    arr: mine.reduce((sum, r) => sum + r.arr, 0) / 100,
    states,
  }
}

/** The core feature (else any) with the most ARR that is entitled and measured and has not adopted it. */
function sayStates(rows: readonly FeatureStates[], currency: string): Answer {
  const open = (r: FeatureStates) =>
    r.states.filter((s) => s.state === 'dormant' || s.state === 'tried' || s.state === 'never-used')
  const amount = (r: FeatureStates) => open(r).reduce((sum, s) => sum + s.arr, 0)
  const all = rows.filter((r) => r.segment === 'All')
  const some = all.some((r) => r.isCore) ? all.filter((r) => r.isCore) : all
  const most = [...some].sort((a, b) => amount(b) - amount(a))[0]
  if (!most)
    return {
      text: 'There is no feature to show for this month yet.',
      caveat: 'It takes accounts with ARR, and at least one feature that was released by then.',
    }
  if (amount(most) === 0)
    return { text: 'Every account that is entitled and measured has adopted every core feature.', caveat: null }
  const dormant = most.states.find((s) => s.state === 'dormant')!
  const accounts = open(most).reduce((sum, s) => sum + s.accounts, 0)
  const who = `${shortMoney(amount(most), currency)} of ARR, ${plural(accounts, 'account', 'accounts')}`
  const what = most.isCore ? `the core feature ${most.feature}` : most.feature
  const ofBook = percent(most.arr === 0 ? 0 : amount(most) / most.arr)
  const text = `${who}, could use ${what} and has not adopted it: ${ofBook} of the book.`
  const before = plural(dormant.accounts, 'of them had', 'of them had')
  return {
    text: dormant.accounts > 0 ? `${text} ${before} adopted it before, ${shortMoney(dormant.arr, currency)}.` : text,
    caveat: 'Within one feature the shares add up to the book; over several features they do not.',
  }
}
