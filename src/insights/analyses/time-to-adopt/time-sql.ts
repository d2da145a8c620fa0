/** What is asked of the time to adopt, and the accounts' entries and first uses in SQL. */
import { z } from 'zod'
import { dayLiteral, earliestSql, latestSql, textLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { customerColumns, type FoundCustomer } from '../ground/account-rows.ts'
import { attributesOf, labelSql, segmentSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { askedFeature, type AskedFeature } from '../ground/asked-feature.ts'
import { blockQuery, needHistory, pickMonth } from '../ground/asking.ts'
import { entitledSince } from '../ground/entitled.ts'
import type { ListSql } from '../ground/paging.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { DataText } from '../../../platform/field-types.ts'

export const TimeToAdoptInput = SegmentBy.extend({
  feature: DataText.optional().describe('the first core feature where absent'),
  month: Month.optional().describe('whose end is the last day looked at; the last complete month where absent'),
  days: z.int().min(30).max(1095).default(365).describe('how far the curve is drawn'),
})
export async function readTimesQuestion(con: Connection, input: z.output<typeof TimeToAdoptInput>) {
  const history = await needHistory(con)
  const month = monthIndex(pickMonth(input.month, history))
  const feature = await askedFeature(con, input.feature)
  return { month, feature, q: await blockQuery(con, input, month) }
}

export const adoptStates = ['adopted', 'waiting', 'left'] as const
export type AdoptState = (typeof adoptStates)[number]
export interface Entry extends FoundCustomer {
  segment: string
  entry: string
  first_use: string | null
  /** Until the first use, or so far. */
  days: number
  state: AdoptState
}
/** Accounts with the same time and outcome; `left`: stopped paying before any use. */
export interface Outcome {
  segment: string
  measured: boolean
  isKnown: boolean
  time: number
  adopted: boolean
  left: boolean
  n: number
}

/**
 * Table `entry`: one row for each account of the book that ever could use the feature, to the query's month.
 * `entry`: in the first month at whose end it paid, was entitled and the feature was released, the first day on which all three
 * held as far as is known (plans are known by month-end). `first_use`: from then on, within the same stretch of paying.
 * `last_day`: the last day of that stretch, or of what is known. The segment is the one at that month's end.
 */
function entrySql(feature: AskedFeature, q: BlockQuery): string {
  const end = dayLiteral(monthEnd(q.month))
  const released = feature.releasedOn === null ? '' : `and r.month >= ${monthIndex(feature.releasedOn)}`
  const byPlan = 'exists (select 1 from may where may.plan_set = r.plan_set and may.month = r.month)'
  const byList = `
    exists (
      select 1
      from entitled_account e
      where e.feature_id = ${feature.featureId}
        and e.account_id = r.account_id
        and e.from_day <= ${lastDaySql('r.month')}
        and ${lastDaySql('r.month')} < e.to_day
    )`
  const may = { unknown: 'true', plan: byPlan, list: byList, 'plan-and-list': `(${byPlan} or ${byList})` }[
    q.entitlement
  ]
  const value = "coalesce(a.value, '')"
  const worn = attributesOf(q).map(
    ({ alias, key, bands }) => `
    attr_${alias} as (
      select
        r.account_id,
        ${labelSql(
          `coalesce(
            ${latestSql(value, 'a.valid_from', 'a.valid_from <= r.day')},
            ${earliestSql(value, 'a.valid_from')}
          )`,
          bands,
        )} as value
      from attribute a
      join able r on r.account_id = a.account_id
      where a.key = ${textLiteral(key)}
      group by r.account_id
    ),`,
  )
  const joins = attributesOf(q).map(
    ({ alias }) => `left join attr_${alias} ${alias} on ${alias}.account_id = b.account_id`,
  )
  return `
    paying as (
      select r.account_id, r.month, r.plan_set, r.arr_cents
      from revenue_month r
      join customer c on c.account_id = r.account_id
      where r.arr_cents > 0 and c.excluded_reason is null and r.month <= ${q.month} ${released}
    ),
    may as (
      select distinct p.plan_set, m.month
      from plan_set p
      join entitled_plan e on e.plan = p.plan
      join (select distinct month from revenue_month) m
        on e.from_day <= ${lastDaySql('m.month')} and ${lastDaySql('m.month')} < e.to_day
      where e.feature_id = ${feature.featureId}
    ),
    able as materialized (
      select *, ${lastDaySql('month')} as day
      from (
        select
          account_id,
          min(month) as month,
          arg_min_null(plan_set, month) as plan_set,
          arg_min(arr_cents, month) as arr_cents
        from paying r
        where ${may}
        group by account_id
      )
    ),
    ${worn.join('')}
    begun as (
      select
        acc.account_id,
        acc.month,
        greatest(
          date_trunc('month', acc.day)::date,
          p.from_day,
          ${entitledSince(q.entitlement, 'acc.day')},
          f.released_on
        ) as entry,
        p.to_day
      from able acc
      join paid_interval p on p.account_id = acc.account_id and p.from_day <= acc.day and acc.day < p.to_day
      cross join feature f
      where f.feature_id = ${feature.featureId}
    ),
    used_month as materialized (
      select
        b.account_id, b.entry, b.to_day, m.last_day,
        case
          when m.first_day >= b.entry then m.first_day
          when m.first_paid_day >= b.entry then m.first_paid_day
        end as day
      from begun b
      join r_month m
        on m.account_id = b.account_id
          and m.feature_id = ${feature.featureId}
          and m.last_day >= b.entry
          and m.first_day < b.to_day
          and m.first_day <= ${end}
    ),
    used as (
      select account_id, min(day) as day
      from (
        select account_id, day from used_month where day < to_day
        union all
        -- Use began earlier in the month of entry, and while it paid: the days themselves are asked.
        select u.account_id, d.day
        from r_day d
        join (
          -- One row each already; grouped, the engine knows that they are few.
          select
            account_id,
            any_value(entry) as entry,
            least(any_value(last_day), any_value(to_day) - 1) as last_day
          from used_month
          where day is null
          group by account_id
        ) u
          on u.account_id = d.account_id and d.day >= u.entry and d.day <= u.last_day
        where d.feature_id = ${feature.featureId}
      )
      group by account_id
    ),
    entry as (
      select
        b.account_id,
        ${segmentSql(q)} as segment,
        b.entry,
        used.day as first_use,
        least(b.to_day - 1, ${end}) as last_day,
        coalesce(c.first_event_day <= ${end}, false) as measured,
        b.entry >= (select min(day) from r_name) as is_known
      from begun b
      join able r on r.account_id = b.account_id
      join customer c on c.account_id = b.account_id
      left join used on used.account_id = b.account_id
      ${joins.join(' ')}
      where b.entry <= ${end}
    )`
}
const lastDaySql = (month: string) => `last_day(make_date(${month} // 12, ${month} % 12 + 1, 1))`

/** Counted where they lie: a page needs no row for each account. */
export const readOutcomes = (con: Connection, feature: AskedFeature, q: BlockQuery): Promise<Outcome[]> =>
  con.all(`
    with ${entrySql(feature, q)}
    select
      segment,
      measured,
      is_known as "isKnown",
      coalesce(first_use, last_day) - entry as time,
      first_use is not null as adopted,
      first_use is null and last_day < ${dayLiteral(monthEnd(q.month))} as left,
      count(*) as n
    from entry
    group by all`)

/** The accounts that count, those able to use it last first; `left`: stopped paying before any use. */
export const entriesList = (feature: AskedFeature, q: BlockQuery): ListSql => ({
  tables: entrySql(feature, q),
  select: `
    select
      ${customerColumns}, e.segment, e.entry, e.first_use,
      coalesce(e.first_use, e.last_day) - e.entry as days,
      case
        when e.first_use is not null then 'adopted'
        when e.last_day < ${dayLiteral(monthEnd(q.month))} then 'left'
        else 'waiting'
      end as state
    from entry e
    join customer c on c.account_id = e.account_id
    where e.is_known and e.measured`,
  order: 'entry desc, ext_id',
})
