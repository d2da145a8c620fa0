/**
 * The canonical SQL of adoption by segment, over the rollups. Others are eligible minus adopters, so that accounts and
 * features are never multiplied; an account's ARR is read once per (account, feature), never through its events.
 */
import type { Dialect } from '../../platform/warehouse/dialect.ts'
import { monthEnd } from '../month.ts'
import { monthsPerEra } from '../datasets/rollups.ts'

export type Entitlement = 'unknown' | 'plan' | 'list' | 'plan-and-list'

export interface BlockQuery {
  /** Month index of the day D at which segment, eligibility and adoption are read. */
  month: number
  /** Month index at which the same accounts are looked at again; equal to `month` for Now. */
  endMonth: number
  adoptionMonths: number
  /** The month that bit 0 of era 0 stands for. */
  bitBase: number
  segmentBy: string
  bands: readonly number[]
  entitlement: Entitlement
}

/** The accounts of the book at D: each once, with segment, ARR then and at the end, and whether they are measured. */
export function accountsSql(q: BlockQuery, d: Dialect): string {
  const day = d.date(monthEnd(q.month))
  return `attr as (
    select account_id, value from (
      select account_id, value, row_number() over (partition by account_id order by case when valid_from <= ${day} then 0 else 1 end,
        case when valid_from <= ${day} then valid_from end desc, valid_from) as position
      from attribute where key = ${d.text(q.segmentBy)}) versions where position = 1),
  acc as (
    select r.account_id as account_id, ${segmentSql(q, d)} as segment, r.plan_set as plan_set, r.arr_cents as arr,
      coalesce(e.arr_cents, 0) as arr_end, case when c.first_event_day <= ${day} then 1 else 0 end as measured
    from revenue_month r join customer c on c.account_id = r.account_id
    left join attr t on t.account_id = r.account_id
    left join revenue_month e on e.account_id = r.account_id and e.month = ${q.endMonth}
    where r.month = ${q.month} and r.arr_cents > 0 and c.excluded_reason is null)`
}

export const noValue = '(no value)'

function segmentSql(q: BlockQuery, d: Dialect): string {
  const number = q.segmentBy === 'arr' ? 'r.arr_cents / 100.0' : 'try_cast(t.value as double)'
  if (q.segmentBy !== 'arr' && q.bands.length === 0) return `coalesce(nullif(trim(t.value), ''), ${d.text(noValue)})`
  const cuts = [...q.bands].sort((a, b) => a - b)
  const labels = bandLabels(cuts)
  const cases = cuts.map((cut, i) => `when ${number} < ${cut} then ${d.text(labels[i]!)}`).join(' ')
  return `case when ${number} is null then ${d.text(noValue)} ${cases} else ${d.text(labels.at(-1)!)} end`
}

export function bandLabels(cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['All']
  const text = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 2 })
  return [`under ${text(cuts[0]!)}`, ...cuts.slice(1).map((cut, i) => `${text(cuts[i]!)} to ${text(cut)}`), `${text(cuts.at(-1)!)} and over`]
}

/** Pairs of account and feature with any use, while paying, in the months that end with D's. */
export function usedSql(q: Pick<BlockQuery, 'month' | 'adoptionMonths' | 'bitBase'>, d: Dialect): string {
  const masks = new Map<number, bigint>()
  for (let month = q.month - q.adoptionMonths + 1; month <= q.month; month += 1) {
    const era = Math.floor((month - q.bitBase) / monthsPerEra)
    masks.set(era, (masks.get(era) ?? 0n) | (1n << BigInt(month - q.bitBase - era * monthsPerEra)))
  }
  const tests = [...masks].map(([era, mask]) => `(era = ${era} and ${d.bitAnd('bits', mask)} <> 0)`)
  // One era cannot hold a pair twice; across two it can.
  return `select ${masks.size > 1 ? 'distinct ' : ''}account_id, feature_id from af where feature_id <> 0 and (${tests.join(' or ')})`
}

const measures = (prefix: string, condition: string) => `sum(${condition}) as ${prefix}n, sum(${condition} * arr) as ${prefix}arr_sum`

/** Segment × feature with at least one eligible account: counts and ARR of eligible, adopters and not measured. */
export function blockSql(q: BlockQuery, d: Dialect): string {
  const day = d.date(monthEnd(q.month))
  const kept = 'case when arr_end < arr then arr_end else arr end'
  const retained = q.month === q.endMonth ? '' : `, sum(measured * arr_end) as end_sum, sum(measured * ${kept}) as kept, sum(case when measured = 1 and arr_end > 0 then 1 else 0 end) as alive`
  const sums = `${measures('', 'measured')}, ${measures('not_', '(1 - measured)')}${retained}`
  const columns = ['n', 'arr_sum', 'not_n', 'not_arr_sum', ...(retained ? ['end_sum', 'kept', 'alive'] : [])]
  const add = columns.map((c) => `sum(g.${c}) as ${c}`).join(', ')
  const { pairs, eligible, adopterJoin } = entitledSql(q, day, sums, add)
  const shown = (from: string, prefix: string) => columns.map((c) => `coalesce(${from}.${c}, 0) as ${prefix}${c}`).join(', ')
  return `with ${accountsSql(q, d)},
  used as (${usedSql(q, d)}),
  ${pairs}
  eligible as (${eligible}),
  adopters as (select acc.segment as segment, used.feature_id as feature_id, ${sums}
    from used join acc on acc.account_id = used.account_id ${adopterJoin} group by acc.segment, used.feature_id)
  select e.segment as segment, f.feature_id as feature_id, f.name as feature, ${shown('e', '')}, ${shown('a', 'adopter_')}
  from eligible e join feature f on f.feature_id = e.feature_id
  left join adopters a on a.segment = e.segment and a.feature_id = e.feature_id
  where (f.released_on is null or f.released_on <= ${day}) and e.n > 0`
}

function entitledSql(q: BlockQuery, day: string, sums: string, add: string): { pairs: string; eligible: string; adopterJoin: string } {
  const bySet = `ent_set as (select distinct s.plan_set as plan_set, e.feature_id as feature_id from plan_set s join entitled_plan e on e.plan = s.plan where e.from_day <= ${day} and ${day} < e.to_day),`
  const byList = `select distinct account_id, feature_id from entitled_account where from_day <= ${day} and ${day} < to_day`
  const byPair = {
    eligible: `select acc.segment as segment, pair.feature_id as feature_id, ${sums} from pair join acc on acc.account_id = pair.account_id group by acc.segment, pair.feature_id`,
    adopterJoin: 'join pair on pair.account_id = used.account_id and pair.feature_id = used.feature_id',
  }
  switch (q.entitlement) {
    case 'unknown': return {
      pairs: '', adopterJoin: '',
      eligible: `select g.*, f.feature_id as feature_id from (select segment, ${sums} from acc group by segment) g cross join feature f`,
    }
    case 'plan': return {
      pairs: bySet, adopterJoin: 'join ent_set on ent_set.plan_set = acc.plan_set and ent_set.feature_id = used.feature_id',
      eligible: `select g.segment as segment, s.feature_id as feature_id, ${add} from (select segment, plan_set, ${sums} from acc group by segment, plan_set) g
        join ent_set s on s.plan_set = g.plan_set group by g.segment, s.feature_id`,
    }
    case 'list': return { pairs: `pair as (${byList}),`, ...byPair }
    case 'plan-and-list': return {
      pairs: `${bySet} pair as (select acc.account_id as account_id, ent_set.feature_id as feature_id from acc join ent_set on ent_set.plan_set = acc.plan_set union ${byList}),`, ...byPair,
    }
  }
}

/** Each segment's accounts, each once, independent of features. */
export function segmentTotalsSql(q: BlockQuery, d: Dialect): string {
  return `with ${accountsSql(q, d)}
  select segment, count(*) as accounts, sum(arr) as book_sum, ${measures('', 'measured')}, ${measures('not_', '(1 - measured)')},
    sum(arr_end) as end_sum, sum(case when arr_end < arr then arr_end else arr end) as kept, sum(case when arr_end > 0 then 1 else 0 end) as alive
  from acc group by segment`
}
