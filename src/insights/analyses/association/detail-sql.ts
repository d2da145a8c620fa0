/**
 * The canonical SQL of the evidence of one feature. Its accounts are counted, summed and ranked in the engine; one by one come
 * only the largest of each side, which the bootstrap weighs so.
 */
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { oneByOne, type Book } from '../../statistics/association/concentration.ts'
import { accountsSql, usedSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { entitledTest, releasedTest } from '../ground/entitled.ts'
import { sinceSql, sizeSql, tenureSql } from './strata-sql.ts'

/** Accounts that are alike: of one segment, size and tenure, on one side, and adopters in one half by their use. */
export interface Group {
  segment: string
  size: number
  tenure: number
  adopter: boolean
  /** Whether they used the feature as often as the adopter in the middle, or more often. */
  often: boolean
  n: number
  /** Of them still have ARR at the end of the window. */
  alive: number
  /** Of them paid a window earlier too. */
  known: number
  /** Of those paid no less on the base day. */
  kept: number
}

export interface FeatureBook extends Book {
  adopter: boolean
}

/** One row: the `groups` of a feature's eligible accounts, and the `books` of its sides that have any. */
export interface DetailRow {
  groups: Group[]
  books: FeatureBook[]
}

type DetailQuery = BlockQuery & {
  feature: number
  /** In months. */
  window: number
  /** Only this one; all where null. */
  segment: string | null
}

export const detailSql = (q: DetailQuery): string => `
  with ${featureAccountsSql(q)},
  middle as (
    select events
    from account
    where adopter
    order by events
    limit 1 offset (select count(*) // 2 from account where adopter)
  ),
  alike as (
    select
      segment, size, tenure, adopter,
      adopter and events >= (select events from middle) as often,
      count(*) as n,
      count(*) filter (where "end" > 0) as alive,
      count(before) as known,
      count(*) filter (where start >= before) as kept
    from account
    group by all
  ),
  largest as materialized (
    ${[true, false].map(largestSql).join(' union all ')}
  ),
  summed as materialized (
    select
      account.adopter as adopter,
      count(*) as accounts,
      sum(account.start) as start,
      sum(account."end") as "end",
      sum(account.start * account.start) as squares,
      list_sum(max(account.start, 5)) as five,
      ${restSql('account.start')} as rest_start,
      ${restSql('account."end"')} as rest_end,
      ${restSql('account.start * account.start')} as rest_start_squares,
      ${restSql('account."end" * account."end"')} as rest_end_squares,
      ${restSql('account.start * account."end"')} as rest_products
    from account
    left join largest on largest.account_id = account.account_id
    group by account.adopter
  ),
  without as (
    select
      summed.adopter as adopter,
      min((summed."end" - account."end") / (summed.start - account.start)) as low,
      max((summed."end" - account."end") / (summed.start - account.start)) as high
    from account
    join summed on summed.adopter = account.adopter
    where summed.start > account.start
    group by summed.adopter
  ),
  listed as (
    select adopter, list({'start': start, 'end': "end"} order by start + "end" desc, account_id) as accounts
    from largest
    group by adopter
  ),
  book as (
    select
      summed.adopter as adopter,
      summed.accounts as accounts,
      summed.start as start,
      summed."end" as "end",
      summed.squares as "startSquares",
      summed.five as "topFive",
      case when without.low is not null then {'low': without.low, 'high': without.high} end as "leaveOneOut",
      listed.accounts as largest,
      {
        'start': rest_start,
        'end': rest_end,
        'startSquares': rest_start_squares,
        'endSquares': rest_end_squares,
        'products': rest_products
      } as rest
    from summed
    join listed on listed.adopter = summed.adopter
    left join without on without.adopter = summed.adopter
  )
  select
    coalesce((select list(alike) from alike), []) as groups,
    coalesce((select list(book) from book), []) as books`

const largestSql = (isAdopter: boolean) => `(
  select account_id, adopter, start, "end"
  from account
  where ${isAdopter ? '' : 'not '}adopter
  order by start + "end" desc, account_id
  limit ${oneByOne}
)`

const restSql = (value: string) => `coalesce(sum(${value}) filter (where largest.account_id is null), 0)`

/** The table `account`: the eligible accounts of the query's feature. `before` is the ARR a window earlier. */
export function featureAccountsSql(q: DetailQuery): string {
  const day = dayLiteral(monthEnd(q.month))
  return `
    ${accountsSql({ ...q, tag: '_book' })},
    ${sinceSql(q)},
    acc as (
      select b.*, ${sizeSql} as size, ${tenureSql(q)} as tenure
      from acc_book b
      join since on since.account_id = b.account_id
    ),
    used as (${usedSql(q)}),
    busy as (
      select account_id, sum(paid_events) as events
      from r_month
      where feature_id = ${q.feature} and month between ${q.month - q.adoptionMonths + 1} and ${q.month}
      group by account_id
    ),
    account as materialized (
      select
        acc.account_id as account_id,
        acc.segment as segment,
        acc.size as size,
        acc.tenure as tenure,
        used.account_id is not null as adopter,
        cast(acc.arr as double precision) as start,
        cast(acc.arr_end as double precision) as "end",
        cast(r.arr_cents as double precision) as before,
        coalesce(busy.events, 0) as events
      from acc
      join feature f on f.feature_id = ${q.feature}
      left join used on used.account_id = acc.account_id
      left join busy on busy.account_id = acc.account_id
      left join revenue_month r
        on r.account_id = acc.account_id and r.month = ${q.month - q.window} and r.arr_cents > 0
      where acc.measured = 1
        and ${entitledTest(q.entitlement, day)}
        and ${releasedTest(day)}
        ${q.segment === null ? '' : `and acc.segment = ${textLiteral(q.segment)}`}
    )`
}
