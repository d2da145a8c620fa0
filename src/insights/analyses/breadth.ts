/** How widely and how often features are used: breadth, frequency and depth of each, and how many core features an account uses. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { Day, Month } from '../datasets/schemas.ts'
import { markOf } from '../metrics/intervals.ts'
import { addDays, monthEnd, monthText } from '../month.ts'
import { percent, plural, shortDay } from '../wording.ts'
import { accountsSql, entitledSql, inSegmentOrder, pairOf, segmentingWords, type BlockQuery } from './adoption-sql.ts'
import { askedFeature } from './asked-feature.ts'
import { Answer, blockQuery, currencyOf, needHistory, readStanding, Standing } from './asking.ts'
import { usersOfDaysSql } from './day-windows.ts'
import { mayUseSql, releasedTest } from './entitled.ts'
import { pageOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'
import { futureNote, MarkedShare, namelessNote, noUsers, noUsersNext, pickPastMonth } from './usage.ts'
import { inWarehouse } from '../in-warehouse.ts'

const spanDays = 30
/** Depth is by whole weeks: the four that end with the span. */
const depthDays = 28
/** Days of use within the 30: none, then the bands. */
export const frequencyBands = [
  { key: 'none', from: 0, to: 0 },
  { key: '1-4', from: 1, to: 4 },
  { key: '5-12', from: 5, to: 12 },
  { key: '13-30', from: 13, to: 30 },
] as const

export const BreadthInput = SegmentBy.extend({
  month: Month.optional().describe('the 30 days end with it; the last complete one where absent'),
})

export const FeatureUse = z.object({
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  segment: z.string(),
  accounts: z
    .int()
    .describe(
      'entitled and measured, with at least one active user; those whose use of the feature names nobody are `nameless`',
    ),
  nameless: z.int(),
  using: z.int().describe('of them with a user of the feature'),
  breadth: z
    .object({ median: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
    .describe('share of an account’s active users that used the feature: median and quartiles over accounts'),
  measured: z.int().describe('entitled and measured accounts, with or without users'),
  days: z.array(z.int()).describe('measured accounts by days of use: none, 1 to 4, 5 to 12, 13 and more'),
  depth: z.number().nullable().describe('events per user and week in which the user used it'),
  userWeeks: z.int(),
  mark: MarkedShare.shape.mark,
  daysMark: MarkedShare.shape.mark,
})
export type FeatureUse = z.infer<typeof FeatureUse>
export const CoreUse = z.object({
  segment: z.string(),
  accounts: z.int().describe('measured, entitled to at least one core feature'),
  byCount: z.array(z.int()).describe('accounts that use 0, 1, 2 … core features'),
  mark: MarkedShare.shape.mark,
})
export type CoreUse = z.infer<typeof CoreUse>

const inSpan = (end: string, days: number) =>
  `day >= ${duckdb.date(addDays(end, 1 - days))} and day <= ${duckdb.date(end)}`

const depthWeeks = [0, 1, 2, 3]

/** Tables `people` (users of each account) and `use` (users, days, events and user-weeks of each account and feature), of the span. The days of use are read once. */
function useSql(q: BlockQuery): string {
  const end = monthEnd(q.month)
  const back = `(${duckdb.date(end)} - day)`
  return `
  people as ${duckdb.materialized} (${usersOfDaysSql(addDays(end, 1 - spanDays), end)}),
  use_words as (
    select
      account_id, feature_id, chunk,
      bit_or(users) as users,
      bit_or(1 << back) as days,
      sum(events)::bigint as events,
      sum(case when back < ${depthDays} then events else 0 end)::bigint as week_events,
      ${depthWeeks.map((w) => `bit_or(case when back // 7 = ${w} then users else 0 end) as u${w}`).join(', ')}
    from (
      select account_id, feature_id, chunk, users, events, ${back}::int as back
      from r_day
      where ${inSpan(end, spanDays)} and ${q.feature === undefined ? 'feature_id > 0' : `feature_id = ${q.feature}`}
    )
    group by 1, 2, 3
  ),
  use as (
    select
      account_id, feature_id,
      sum(bit_count(users))::bigint as users,
      bit_count(bit_or(days))::int as days,
      sum(events)::bigint as events,
      sum(week_events)::bigint as week_events,
      sum(${depthWeeks.map((w) => `bit_count(u${w})::int`).join(' + ')})::bigint as weeks
    from use_words
    group by 1, 2
  )`
}

/** Whether use of an account names nobody, so that nothing is known of its breadth. */
const isNameless = (use: string): string => `coalesce(${use}.events, 0) > 0 and coalesce(${use}.users, 0) = 0`

/** Of those that use a feature at all. */
const usedBands = frequencyBands.filter((b) => b.from > 0)
const quartiles = [0.25, 0.5, 0.75]

/** A quantile of the shares of `accounts`, interpolated: most are 0, so that only the others are sorted. */
function quantileSql(q: number): string {
  const zeros = '(e.accounts - coalesce(len(e.shares), 0))'
  const rank = `(1 + ${q} * (e.accounts - 1))`
  const shareAt = (place: string) =>
    `case when ${place} <= ${zeros} then 0 else e.shares[(${place} - ${zeros})::bigint] end`
  const [low, high] = [shareAt(`floor(${rank})`), shareAt(`ceil(${rank})`)]
  return `(${low} + (${high} - ${low}) * (${rank} - floor(${rank})))::double`
}

interface UseRow {
  kind: 'use'
  segment: string | null
  feature: string
  area: string | null
  is_core: boolean
  measured: number
  accounts: number
  nameless: number
  using_n: number
  quartiles: number[] | null
  days: number[]
  weeks: number
  week_events: number
}
/** Accounts by how many core features they use; and those whose usage names nobody. */
interface CountRow {
  kind: 'core' | 'nameless'
  segment: string | null
  used: number
  measured: number
}

/**
 * All of the page in one statement, so that what it stands on is read once. Who may use a feature is counted by segment and plan, and
 * who does not use it is the rest, so that accounts and features are never multiplied.
 */
export async function readUse(
  con: Connection,
  query: BlockQuery,
): Promise<{ use: UseRow[]; core: { segment: string; used: number; n: number }[]; nameless: number }> {
  const q = { ...query, tag: '_at' }
  const day = duckdb.date(monthEnd(q.month))
  const { pairs, eligible, adopterJoin, toAny } = entitledSql(q, day, {
    measured: 'sum(measured)',
    peopled: 'count(*) filter (measured = 1 and people > 0)',
  })
  const rows = await con.all<UseRow | CountRow>(`
    with ${accountsSql({ ...query, tag: '_book' }, duckdb)},
    ${useSql(q)},
    acc_at as ${duckdb.materialized} (
      select b.*, coalesce(p.users, 0) as people
      from acc_book b
      left join people p on p.account_id = b.account_id
    ),
    ${pairs}
    eligible as (${eligible}),
    entitled as (
      select e.feature_id, e.segment, sum(e.measured) as measured, sum(e.peopled) as peopled
      from eligible e
      join feature f on f.feature_id = e.feature_id
      where e.measured > 0 and ${releasedTest(day)}
      group by grouping sets ((e.feature_id, e.segment), (e.feature_id))
    ),
    busy as ${duckdb.materialized} (
      select
        acc.account_id, acc.segment, acc.people, f.is_core,
        used.feature_id, used.users, used.days, used.weeks,
        case when used.weeks > 0 then used.week_events else 0 end as week_events,
        ${isNameless('used')} as is_nameless
      from use used
      join acc_at acc on acc.account_id = used.account_id
      ${adopterJoin}
      join feature f on f.feature_id = used.feature_id
      where acc.measured = 1 and ${releasedTest(day)}
    ),
    core_use as (
      select segment, used, count(*) as n
      from (select account_id, segment, count(*) as used from busy where is_core group by 1, 2)
      group by 1, 2
    ),
    each_feature as (
      select
        feature_id, segment,
        count(*) filter (people > 0 and is_nameless) as nameless,
        count(*) filter (users > 0) as using_n,
        list_sort(list(users / people) filter (people > 0 and not is_nameless and users > 0)) as shares,
        ${usedBands.map((b) => `count(*) filter (days between ${b.from} and ${b.to}) as "${b.key}"`).join(', ')},
        sum(weeks)::bigint as weeks,
        sum(week_events)::bigint as week_events
      from busy
      group by grouping sets ((feature_id, segment), (feature_id))
    ),
    told as (
      select
        n.feature_id, n.segment,
        n.measured::bigint as measured,
        (n.peopled - coalesce(e.nameless, 0))::bigint as accounts,
        coalesce(e.nameless, 0) as nameless,
        coalesce(e.using_n, 0) as using_n,
        [n.measured::bigint - coalesce(${usedBands.map((b) => `e."${b.key}"`).join(' + ')}, 0), ${usedBands.map((b) => `coalesce(e."${b.key}", 0)`).join(', ')}] as days,
        coalesce(e.weeks, 0) as weeks,
        coalesce(e.week_events, 0) as week_events,
        e.shares
      from entitled n
      left join each_feature e on e.feature_id = n.feature_id and e.segment is not distinct from n.segment
    )
    select
      'use' as kind,
      e.* exclude (feature_id, shares),
      case when e.accounts > 0 then [${quartiles.map(quantileSql).join(', ')}] end as quartiles,
      f.name as feature, f.area, f.is_core, null as used
    from told e
    join feature f on f.feature_id = e.feature_id
    union all by name
    select 'core' as kind, segment, used, n as measured
    from core_use
    union all by name
    select 'core' as kind, a.segment, 0 as used, count(*) - coalesce(any_value(c.n), 0) as measured
    from (${toAny(`f.is_core and ${releasedTest(day)}`)}) a
    left join (select segment, sum(n)::bigint as n from core_use group by segment) c on c.segment = a.segment
    where a.measured = 1
    group by a.segment
    union all by name
    select 'nameless' as kind, count(*) as measured
    from acc_at
    join people p on p.account_id = acc_at.account_id
    where p.users = 0
    order by is_core desc, feature`)
  return {
    use: rows.filter((r) => r.kind === 'use'),
    core: rows.flatMap((r) => (r.kind === 'core' ? [{ segment: r.segment!, used: r.used, n: r.measured }] : [])),
    nameless: rows.find((r) => r.kind === 'nameless')!.measured,
  }
}

function useOf(r: UseRow): FeatureUse {
  // Where most use names nobody, the few that are named say nothing of the others.
  const mark = markOf(r.accounts)
  const [low = null, median = null, high = null] = r.quartiles ?? []
  const shown = mark !== 'suppressed' && r.nameless <= r.using_n
  return {
    feature: r.feature,
    area: r.area,
    isCore: r.is_core,
    segment: r.segment ?? 'All',
    accounts: r.accounts,
    nameless: r.nameless,
    using: r.using_n,
    measured: r.measured,
    days: r.days,
    userWeeks: r.weeks,
    mark,
    daysMark: markOf(r.measured),
    breadth: { median: shown ? median : null, low: shown ? low : null, high: shown ? high : null },
    depth: shown && r.weeks > 0 ? r.week_events / r.weeks : null,
  }
}

function coreOf(segment: string, rows: readonly { used: number; n: number }[], features: number): CoreUse {
  const accounts = rows.reduce((sum, r) => sum + r.n, 0)
  return {
    segment,
    accounts,
    byCount: Array.from({ length: features + 1 }, (_, used) =>
      rows.reduce((sum, r) => sum + (r.used === used ? r.n : 0), 0),
    ),
    mark: markOf(accounts),
  }
}

function sayBreadth(rows: readonly FeatureUse[], core: CoreUse, end: string): Answer {
  const all = rows.filter((r) => r.segment === 'All')
  const shown = all
    .filter((r) => r.breadth.median !== null)
    .sort((a, b) => b.breadth.median! - a.breadth.median! || b.using / b.accounts - a.using / a.accounts)
  if (rows.length === 0)
    return {
      text: `No measured account could use a feature at ${shortDay(end)}.`,
      caveat: 'Name features first, and import usage of accounts that pay.',
    }
  if (all.every((r) => r.accounts === 0))
    return { text: noUsers, caveat: `${noUsersNext} Days of use stand below all the same.` }
  const widest = shown[0]
  if (!widest)
    return {
      text: 'No feature has 10 accounts with active users, too few for a median.',
      caveat: 'The counts stand below.',
    }
  const half =
    core.accounts === 0
      ? null
      : core.byCount.findIndex(
          (_, used) => core.byCount.slice(0, used + 1).reduce((s, n) => s + n, 0) * 2 >= core.accounts,
        )
  return {
    text: `${widest.feature} is used most widely: in the median account ${percent(widest.breadth.median!)} of active people used it in the 30 days to ${shortDay(end)}.${half === null || core.mark === 'suppressed' ? '' : ` Half of the accounts use ${half === 0 ? 'no core feature' : `at most ${half} of ${plural(core.byCount.length - 1, 'core feature', 'core features')}`}.`}`,
    caveat: `Of ${plural(widest.accounts, 'account', 'accounts')} that may use it and have active people; the middle half lies between ${percent(widest.breadth.low!)} and ${percent(widest.breadth.high!)}.`,
  }
}

export const analyseBreadth = operation({
  name: 'insights.analyses.breadth',
  summary: 'How widely, how often and how much each feature is used, by segment over 30 days',
  kind: 'read',
  may: 'insights:read',
  command: 'insights analyse breadth',
  input: BreadthInput,
  example: () => ({ month: '2025-12' }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    rows: z.array(FeatureUse).describe('each feature over all segments (“All”) and in each'),
    core: z.array(CoreUse),
    segments: z.array(z.string()),
  }),
  csv: {
    fileName: (o) => `breadth-${o.month}.csv`,
    rows: (o) =>
      o.rows.map(({ breadth, days, ...r }) => ({
        ...r,
        breadth_median: breadth.median,
        breadth_q1: breadth.low,
        breadth_q3: breadth.high,
        days_none: days[0]!,
        days_1_to_4: days[1]!,
        days_5_to_12: days[2]!,
        days_13_and_more: days[3]!,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), today)
      const q = await blockQuery(con, input, month)
      const { use, core: counted, nameless } = await readUse(con, q)
      const features = (await con.one<{ n: number }>('select count(*) as n from feature where is_core'))!.n
      const rows = use.map(useOf)
      const ordering = { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }
      const segments = inSegmentOrder(
        [...new Set(rows.map((r) => r.segment))].filter((s) => s !== 'All').map((segment) => ({ segment })),
        ordering,
      ).map((s) => s.segment)
      const core = [
        coreOf('All', counted, features),
        ...segments.map((segment) =>
          coreOf(
            segment,
            counted.filter((r) => r.segment === segment),
            features,
          ),
        ),
      ]
      return {
        month: monthText(month),
        rows,
        core,
        segments,
        answer: sayBreadth(rows, core[0]!, monthEnd(month)),
        standing: await readStanding(
          con,
          {
            currency,
            period: `The 30 days to ${shortDay(monthEnd(month))}; depth over the last four whole weeks of them`,
            base: `Accounts with ARR at ${shortDay(monthEnd(month))}, entitled to the feature and measured; excluded ones are left out; by ${segmentingWords(input)} then`,
            notes: [
              'Breadth and depth are about accounts with active users; days of use about all measured ones.',
              'Events that name no user count towards depth where their account has users. Accounts whose use of a feature names nobody are no part of its breadth; where they are most of those that use it, none is shown.',
              ...namelessNote(nameless),
              ...(await futureNote(con, today)),
            ],
            definitions: ['breadth', 'frequency', 'depth', 'core-features-used', 'active-users', 'suppressed'],
          },
          [{ from: month, to: month }],
        ),
      }
    })
  },
})

const BroadAccount = z.object({
  accountId: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  segment: z.string(),
  arr: z.number(),
  renewalDate: Day.nullable(),
  people: z.int(),
  users: z.int(),
  breadth: z.number().nullable(),
  days: z.int(),
  events: z.int(),
})
export type BroadAccount = z.infer<typeof BroadAccount>

export const listBreadthAccounts = operation({
  name: 'insights.analyses.breadthAccounts',
  summary: 'Accounts by how widely they use a feature, the least widely first',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse breadth-accounts',
  input: BreadthInput.extend({
    feature: z.string().optional().describe('the first core feature where absent'),
    segment: z.string().optional(),
  }).extend(Paging.shape),
  example: () => ({ month: '2025-12' }),
  output: z.object({
    currency: z.string(),
    feature: z.string(),
    rows: z.array(BroadAccount),
    nextCursor: z.string().nullable(),
    total: z.int(),
    arr: z.number(),
  }),
  target: (input) => [input.feature, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'breadth-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        account_id: r.accountId,
        name: r.name,
        segment: r.segment,
        owner: r.owner,
        owner_email: r.ownerEmail,
        arr: r.arr,
        renewal_date: r.renewalDate,
        active_users: r.people,
        users_of_feature: r.users,
        breadth: r.breadth,
        days_of_use: r.days,
        events: r.events,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), today)
      const feature = await askedFeature(con, input.feature)
      const q = await blockQuery(con, input, month)
      const found = await con.all<{
        ext_id: string
        name: string | null
        owner: string | null
        owner_email: string | null
        renewal_date: string | null
        segment: string
        arr: number
        people: number
        users: number
        days: number
        events: number
        is_told: boolean
      }>(`
        with ${mayUseSql(q, duckdb, `f.feature_id = ${feature.featureId}`)},
        ${useSql({ ...q, feature: feature.featureId })},
        asked as (
          select
            pair.account_id, pair.segment, pair.arr,
            coalesce(p.users, 0) as people,
            coalesce(u.users, 0) as users,
            coalesce(u.days, 0) as days,
            coalesce(u.events, 0) as events,
            coalesce(p.users, 0) > 0 and not (${isNameless('u')}) as is_told
          from pair
          left join people p on p.account_id = pair.account_id
          left join use u on u.account_id = pair.account_id
          where pair.measured = 1
        )
        select
          c.ext_id, c.name, c.owner, c.owner_email, c.renewal_date,
          a.segment, a.arr, a.people, a.users, a.days, a.events, a.is_told
        from asked a
        join customer c on c.account_id = a.account_id
        order by case when a.is_told then a.users / a.people end nulls last, a.days, a.arr desc, c.ext_id`)
      const rows = found.filter((r) => input.segment === undefined || r.segment === input.segment)
      return {
        currency,
        feature: feature.name,
        arr: rows.reduce((sum, r) => sum + r.arr, 0) / 100,
        ...pageOf(
          rows.map((r) => ({
            accountId: r.ext_id,
            name: r.name ?? r.ext_id,
            owner: r.owner,
            ownerEmail: r.owner_email,
            segment: r.segment,
            arr: r.arr / 100,
            renewalDate: r.renewal_date,
            people: r.people,
            users: r.users,
            breadth: r.is_told ? r.users / r.people : null,
            days: r.days,
            events: r.events,
          })),
          input,
        ),
      }
    })
  },
})
