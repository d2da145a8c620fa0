/** Who may use what: entitlement of an account to a feature at a day, and the pairs of the book that follow from it. */
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { accountsSql, usedSql, type BlockQuery, type Entitlement } from './adoption-sql.ts'

/** Whether the entitlement `e` holds at a day. */
const holdsAt = (day: string) => `e.from_day <= ${day} and ${day} < e.to_day`

/** The entitlements of the plans that `acc` has to `f` at a day, as `e`. */
const ofPlans = (day: string) => `
  from plan_set s
  join entitled_plan e on e.plan = s.plan
  where s.plan_set = acc.plan_set and e.feature_id = f.feature_id and ${holdsAt(day)}`

/** The entitlements that name `acc` itself. */
const ofList = (day: string) => `
  from entitled_account e
  where e.account_id = acc.account_id and e.feature_id = f.feature_id and ${holdsAt(day)}`

/**
 * The test whether `acc` (account_id, plan_set) may use `f` (feature_id) at a day; both are aliases of the statement around it.
 * @param day SQL of a date
 */
export function entitledTest(entitlement: Entitlement, day: string): string {
  const byPlan = `exists (select 1 ${ofPlans(day)})`
  const byList = `exists (select 1 ${ofList(day)})`
  return { unknown: 'true', plan: byPlan, list: byList, 'plan-and-list': `(${byPlan} or ${byList})` }[entitlement]
}

/** The test whether a feature, `f` unless it goes by another name, was released at a day. */
export const releasedTest = (day: string, f = 'f'): string => `(${f}.released_on is null or ${f}.released_on <= ${day})`

/**
 * Tables `acc` and `pair` with the query's tag: each account of the book at the query's day, with each feature that it was entitled to
 * and that was released, and whether it is measured.
 * @param of a test on `f`, the feature: which ones are asked about
 */
export function mayUseSql(q: BlockQuery, of = 'true'): string {
  const { tables, pair } = pairParts(q, of)
  return `${tables} ${pair('', '')}`
}

/**
 * The same, with the table `used`, and in `pair` whether the account adopted the feature.
 * @param book the tag of the table `acc`, where that is there already under another than the query's
 */
export function pairsSql(q: BlockQuery, of = 'true', book?: string): string {
  const used = `used${q.tag ?? ''}`
  const { tables, pair } = pairParts(q, of, book)
  return `${tables}
    ${used} as (${usedSql(q)}),
    ${pair(
      ', case when acc.measured = 1 and used.account_id is not null then 1 else 0 end as adopted',
      `left join ${used} used on used.account_id = acc.account_id and used.feature_id = f.feature_id`,
    )}`
}

function pairParts(
  q: BlockQuery,
  of: string,
  book?: string,
): { tables: string; pair: (columns: string, joins: string) => string } {
  const day = dayLiteral(monthEnd(q.month))
  const { tables, from } = entitledFrom(q, day, `acc${book ?? q.tag ?? ''}`)
  return {
    tables: `
    ${book === undefined ? `${accountsSql(q)},` : ''}
    ${tables}`,
    pair: (columns, joins) => `
    pair${q.tag ?? ''} as (
      select
        acc.account_id as account_id,
        acc.segment as segment,
        acc.arr as arr,
        acc.arr_end as arr_end,
        acc.measured as measured,
        f.feature_id as feature_id
        ${columns}
      from ${from}
      ${joins}
      where ${of} and ${releasedTest(day)}
    )`,
  }
}

/** Accounts `acc` joined with each feature `f` they may use at the day: as `entitledTest` says, by joins, which scale to all pairs. */
function entitledFrom(q: BlockQuery, day: string, book: string): { tables: string; from: string } {
  const tag = q.tag ?? ''
  const bySet = `
    select distinct s.plan_set as plan_set, e.feature_id as feature_id
    from plan_set s
    join entitled_plan e on e.plan = s.plan
    where ${holdsAt(day)}`
  const byList = `
    select distinct e.account_id as account_id, e.feature_id as feature_id
    from entitled_account e
    where ${holdsAt(day)}`
  const joined = (on: string) =>
    `${book} acc join may${tag} may on may.${on} = acc.${on} join feature f on f.feature_id = may.feature_id`
  switch (q.entitlement) {
    case 'unknown':
      return { tables: '', from: `${book} acc cross join feature f` }
    case 'plan':
      return { tables: `may${tag} as (${bySet}),`, from: joined('plan_set') }
    case 'list':
      return { tables: `may${tag} as (${byList}),`, from: joined('account_id') }
    case 'plan-and-list':
      return {
        tables: `
          may${tag} as (
            select acc.account_id as account_id, s.feature_id as feature_id
            from ${book} acc
            join (${bySet}) s on s.plan_set = acc.plan_set
            union
            ${byList}
          ),`,
        from: joined('account_id'),
      }
  }
}

/** Since which day `acc` may use `f`, of the entitlements that hold at a day; null where nobody said. */
export function entitledSince(entitlement: Entitlement, day: string): string {
  const byPlan = `(select min(e.from_day) ${ofPlans(day)})`
  const byList = `(select min(e.from_day) ${ofList(day)})`
  return { unknown: 'null::date', plan: byPlan, list: byList, 'plan-and-list': `least(${byPlan}, ${byList})` }[
    entitlement
  ]
}
