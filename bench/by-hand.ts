/** The questions of the pages as an engineer writes them by hand, each for itself, on the same rollups; entitlement is by plan. */
import type { z } from 'zod'
import type { Connection } from '../src/platform/warehouse/warehouses.ts'
import { AdoptionFunnelInput, lineOf, readFunnel } from '../src/insights/analyses/adoption-funnel/operations.ts'
import { detailSql, type DetailRow } from '../src/insights/analyses/association/detail-sql.ts'
import { readAdoptionTrend } from '../src/insights/analyses/adoption-trend/operations.ts'
import { blockQuery, needHistory } from '../src/insights/analyses/ground/asking.ts'
import { readUse } from '../src/insights/analyses/breadth/breadth-sql.ts'
import { CohortInput, readCohortQuestion, readCohorts } from '../src/insights/analyses/cohorts/operations.ts'
import { readFeatureStates } from '../src/insights/analyses/feature-states/operations.ts'
import { readMovements, readRetentionTrend } from '../src/insights/analyses/ground/revenue.ts'
import { pickWindows, readStickiness, StickinessInput } from '../src/insights/analyses/stickiness/operations.ts'
import { readOutcomes, readTimesQuestion, TimeToAdoptInput } from '../src/insights/analyses/time-to-adopt/time-sql.ts'
import { readBookSums } from '../src/insights/analyses/nrr-variants/operations.ts'
import { readAreas } from '../src/insights/analyses/product-health/operations.ts'
import { readGroups } from '../src/insights/analyses/renewals/operations.ts'
import { cameIn, readFacts } from '../src/insights/analyses/what-changed/operations.ts'
import { chosenFeatures } from '../src/insights/analyses/whitespace/asking.ts'
import { readSummary } from '../src/insights/analyses/whitespace/operations.ts'
import { addDays, monthEnd, monthIndex, monthText } from '../src/platform/calendar/month.ts'
import { periodOf } from '../src/platform/calendar/periods.ts'
import { firstMonth, lastMonth, today } from './company.ts'

/** What both say, by a key of its own; compared number by number. */
export type Figures = Map<string, readonly (number | null)[]>
export interface ByHand {
  page: string
  ours: (con: Connection) => Promise<Figures>
  sql: string
  figures: (rows: Record<string, unknown>[]) => Figures
}

const month = monthIndex(lastMonth)
const day = monthEnd(month)
const feature = 'Collaboration'
const bits = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => 1n << BigInt(from + i - firstMonth)).reduce((all, bit) => all | bit)
/** The last week that is over with the month. */
const lastWeek = periodOf(addDays(day, 1), 'week') - 1
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

/** Renewals of the 90 days after the month. */
const renewals = { from: addDays(day, 1), to: addDays(day, 90) }
const healthSpans = [
  ...range(month - 6, month).map((at) => ({ month: at, endMonth: at })),
  { month: month - 12, endMonth: month },
]
const healthSums = ['n', 'arr', 'end', 'kept', 'alive', 'a_n', 'a_arr', 'a_end', 'a_kept', 'a_alive']

const seg = `seg as (select c.account_id, c.first_event_day, coalesce(t.value, '(no value)') as segment from customer c
    left join (select account_id, arg_max(value, valid_from) as value from attribute where key = 'segment' group by 1) t using (account_id) where c.excluded_reason is null)`
const acc = `${seg}, acc as (select r.account_id, s.segment, r.plan_set, r.arr_cents as arr, coalesce(s.first_event_day <= date '${day}', false) as measured
    from revenue_month r join seg s using (account_id) where r.month = ${month} and r.arr_cents > 0)`
const may = `may as (select distinct p.plan_set, e.feature_id from plan_set p join entitled_plan e using (plan) join feature f on f.feature_id = e.feature_id and (f.released_on is null or f.released_on <= date '${day}') where e.from_day <= date '${day}' and date '${day}' < e.to_day)`

const keyed = (key: (r: Record<string, unknown>) => string, columns: readonly string[]) => (rows: object[]) =>
  new Map(
    (rows as Record<string, unknown>[]).map((r) => [key(r), columns.map((c) => (r[c] === null ? null : Number(r[c])))]),
  )
/** Figures of the segments alone; “All” is their sum. */
const segments = <T extends { segment: string | null }>(rows: readonly T[]) =>
  rows.filter((r) => r.segment !== 'All' && r.segment !== null)
const parsed = <T extends z.ZodType>(input: T, said: z.input<T>): z.output<T> => input.parse(said)

const bySegment = { segmentBy: 'segment', bands: [] }
const cohorts = (page: string, said: z.input<typeof CohortInput>, sql: string): ByHand => {
  const figures = keyed((r) => `${String(r['segment'])}/${String(r['p0'])}/${String(r['step'])}`, ['n'])
  return {
    page,
    sql,
    figures,
    ours: async (con) => {
      const question = await readCohortQuestion(con, parsed(CohortInput, said), today)
      return figures(segments(await readCohorts(con, question!.c)).filter((r) => r.p0 !== null))
    },
  }
}
/** The company has few new accounts and users late, so that cohorts are compared as known earlier. */
const cohortMonth = monthIndex('2024-10')
const cohortDay = monthEnd(cohortMonth)
const firstCohort = cohortMonth - 8

export const byHandOf = (featureId: number): ByHand[] => [
  {
    page: 'ARR by adoption',
    sql: `with ${acc}, ${may},
      used as (select a.segment, af.feature_id, case when af.bits & ${bits(month - 2, month)} <> 0 then 'adopted' when af.bits & ${bits(firstMonth, month)} <> 0 then 'dormant' else 'tried' end as state, count(*) as n, sum(a.arr)::bigint as arr
        from af join acc a using (account_id) join may m on m.plan_set = a.plan_set and m.feature_id = af.feature_id where af.era = 0 and af.feature_id > 0 and a.measured and af.first_day <= date '${day}' group by 1, 2, 3),
      whole as (select g.segment, m.feature_id, sum(g.n) filter (g.measured) as n, sum(g.arr) filter (g.measured) as arr, sum(g.n) filter (not g.measured) as not_n, sum(g.arr) filter (not g.measured) as not_arr
        from (select segment, plan_set, measured, count(*) as n, sum(arr) as arr from acc group by 1, 2, 3) g join may m using (plan_set) group by 1, 2),
      book as (select segment, count(*) as n, sum(arr) as arr from acc group by 1)
      select * from (select * from used
        union all select w.segment, w.feature_id, 'never-used', coalesce(w.n, 0) - coalesce(u.n, 0), coalesce(w.arr, 0) - coalesce(u.arr, 0) from whole w left join (select segment, feature_id, sum(n) as n, sum(arr) as arr from used group by 1, 2) u using (segment, feature_id)
        union all select segment, feature_id, 'not-measured', not_n, not_arr from whole
        union all select b.segment, f.feature_id, 'not-entitled', b.n - coalesce(w.n, 0) - coalesce(w.not_n, 0), b.arr - coalesce(w.arr, 0) - coalesce(w.not_arr, 0)
          from book b cross join (select feature_id from feature where released_on is null or released_on <= date '${day}') f left join whole w on w.segment = b.segment and w.feature_id = f.feature_id) where n > 0`,
    figures: keyed((r) => `${String(r['segment'])}/${String(r['feature_id'])}/${String(r['state'])}`, ['n', 'arr']),
    ours: async (con) =>
      keyed(
        (r) => `${String(r['segment'])}/${String(r['feature_id'])}/${String(r['state'])}`,
        ['n', 'arr'],
      )(await readFeatureStates(con, await blockQuery(con, bySegment, month))),
  },
  {
    page: 'A feature over 18 months',
    sql: `with ${seg}, m as (${range(month - 17, month)
      .map(
        (at) =>
          `select ${at} as month, date '${monthEnd(at)}' as day, ${bits(Math.max(firstMonth, at - 2), at)} as mask`,
      )
      .join(' union all ')}),
      may as (select distinct p.plan_set, m.month from plan_set p join entitled_plan e using (plan) join m on e.from_day <= m.day and m.day < e.to_day where e.feature_id = ${featureId}),
      used as (select m.month, af.account_id from af join m on af.bits & m.mask <> 0 where af.feature_id = ${featureId} and af.era = 0)
      select r.month, s.segment, count(*) as n, count(u.account_id) as adopters, sum(r.arr_cents)::bigint as arr, coalesce(sum(r.arr_cents) filter (u.account_id is not null), 0)::bigint as adopter_arr
      from revenue_month r join m using (month) join seg s using (account_id) join may on may.plan_set = r.plan_set and may.month = r.month left join used u on u.account_id = r.account_id and u.month = r.month
      where r.arr_cents > 0 and s.first_event_day <= m.day group by 1, 2`,
    figures: (rows) =>
      new Map(
        rows.map((r) => [
          `${Number(r['month'])}/${String(r['segment'])}`,
          [
            Number(r['n']),
            Number(r['adopters']),
            Number(r['adopter_arr']) / 100,
            (Number(r['arr']) - Number(r['adopter_arr'])) / 100,
          ],
        ]),
      ),
    ours: async (con) =>
      new Map(
        segments(
          await readAdoptionTrend(con, featureId, range(month - 17, month), {
            ...bySegment,
            adoptionMonths: 3,
            restated: false,
          }),
        ).map((r) => [`${monthIndex(r.month)}/${r.segment}`, [r.eligible, r.adopters, r.arrAdopters, r.arrOthers]]),
      ),
  },
  {
    page: 'Retention over 24 months',
    sql: `with ${seg} select r.month + 12 as month, s.segment, count(*) as n, sum(r.arr_cents)::bigint as start, sum(coalesce(e.arr_cents, 0))::bigint as finish, sum(least(r.arr_cents, coalesce(e.arr_cents, 0)))::bigint as kept, count(*) filter (e.arr_cents > 0) as alive
      from revenue_month r join seg s using (account_id) left join revenue_month e on e.account_id = r.account_id and e.month = r.month + 12
      where r.arr_cents > 0 and r.month between ${month - 35} and ${month - 12} group by 1, 2`,
    figures: (rows) =>
      new Map(
        rows.map((r) => {
          const n = Number(r['n'])
          const start = Number(r['start'])
          const shown = n >= 10 && start > 0
          return [
            `${Number(r['month'])}/${String(r['segment'])}`,
            [
              n,
              ...[r['finish'], r['kept']].map((v) => (shown ? Number(v) / start : null)),
              shown ? Number(r['alive']) / n : null,
            ],
          ]
        }),
      ),
    ours: async (con) =>
      new Map(
        segments(await readRetentionTrend(con, range(month - 23, month), 12, bySegment)).map((r) => [
          `${monthIndex(r.month)}/${r.segment}`,
          [r.accounts, r.nrr, r.grr, r.logo],
        ]),
      ),
  },
  {
    page: 'Revenue bridge',
    sql: `with book as (select r.month, r.account_id, r.arr_cents as arr from revenue_month r join customer c using (account_id) where c.excluded_reason is null and r.arr_cents > 0),
      first as (select account_id, min(month) as month from book group by 1),
      pair as (select coalesce(b.month, a.month + 1) as month, coalesce(b.account_id, a.account_id) as account_id, coalesce(a.arr, 0) as s, coalesce(b.arr, 0) as e
        from (select * from book where month between ${month - 11} and ${month}) b full join (select * from book where month between ${month - 12} and ${month - 1}) a on a.account_id = b.account_id and a.month = b.month - 1)
      select p.month, sum(s)::bigint as start, sum(case when s = 0 and p.month = f.month then e else 0 end)::bigint as new, sum(case when s = 0 and p.month <> f.month then e else 0 end)::bigint as back,
        sum(case when s > 0 and e > s then e - s else 0 end)::bigint as more, sum(case when e > 0 and e < s then s - e else 0 end)::bigint as less, sum(case when e = 0 then s else 0 end)::bigint as gone, sum(e)::bigint as finish
      from pair p join first f using (account_id) group by 1`,
    figures: (rows) =>
      new Map(
        rows.map((r) => [
          String(r['month']),
          ['start', 'new', 'back', 'more', 'less', 'gone', 'finish'].map((key) => Number(r[key]) / 100),
        ]),
      ),
    ours: async (con) =>
      new Map(
        (await readMovements(con, month - 11, month, null)).map((r) => [
          String(monthIndex(r.month)),
          [r.start, r.new, r.reactivation, r.expansion, r.contraction, r.churn, r.end],
        ]),
      ),
  },
  {
    page: 'Adoption funnel',
    sql: `with ${acc}, ${may},
      used as (select account_id, bits from af where feature_id = ${featureId} and era = 0)
      select a.segment, count(*) as n0, count(m.plan_set) as n1, count(*) filter (m.plan_set is not null and a.measured) as n2,
        count(*) filter (m.plan_set is not null and a.measured and u.bits & ${bits(firstMonth, month)} <> 0) as n3, count(*) filter (m.plan_set is not null and a.measured and u.bits & ${bits(month - 2, month)} <> 0) as n4,
        count(*) filter (m.plan_set is not null and a.measured and u.bits & ${bits(month - 2, month)} = ${bits(month - 2, month)}) as n5
      from acc a left join may m on m.plan_set = a.plan_set and m.feature_id = ${featureId} left join used u using (account_id) group by 1`,
    figures: keyed((r) => String(r['segment']), ['n0', 'n1', 'n2', 'n3', 'n4', 'n5']),
    ours: async (con) => {
      const { rows } = await readFunnel(con, parsed(AdoptionFunnelInput, { feature, month: lastMonth }))
      return new Map(
        [...Map.groupBy(rows, (r) => r.segment)].map(([segment, of]) => [
          segment,
          lineOf(segment, of).steps.map((s) => s.accounts),
        ]),
      )
    },
  },
  {
    page: 'Time to adopt',
    sql: `with ${seg},
      may as (select distinct p.plan_set, e.from_day, e.to_day from plan_set p join entitled_plan e using (plan) where e.feature_id = ${featureId}),
      able as (select r.account_id, min(r.month) as month, arg_min(r.plan_set, r.month) as plan_set from revenue_month r join seg using (account_id)
        where r.arr_cents > 0 and r.month <= ${month} and exists (from may where may.plan_set = r.plan_set and may.from_day <= last_day(make_date(r.month // 12, r.month % 12 + 1, 1)) and last_day(make_date(r.month // 12, r.month % 12 + 1, 1)) < may.to_day) group by 1),
      began as (select a.account_id, greatest(make_date(a.month // 12, a.month % 12 + 1, 1), p.from_day, m.from_day, f.released_on) as entry, p.to_day
        from able a join (select plan_set, min(from_day) as from_day from may group by 1) m using (plan_set) join paid_interval p on p.account_id = a.account_id and p.from_day <= last_day(make_date(a.month // 12, a.month % 12 + 1, 1)) and last_day(make_date(a.month // 12, a.month % 12 + 1, 1)) < p.to_day cross join feature f where f.feature_id = ${featureId}),
      use as (select b.account_id, min(d.day) as day from began b join r_day d on d.account_id = b.account_id and d.feature_id = ${featureId} and d.day >= b.entry and d.day < b.to_day and d.day <= date '${day}' group by 1)
      select s.segment, coalesce(u.day, least(b.to_day - 1, date '${day}')) - b.entry as time, u.day is not null as adopted, count(*) as n
      from began b join seg s using (account_id) left join use u using (account_id) where b.entry >= (select min(day) from r_name) and b.entry <= date '${day}' and s.first_event_day <= date '${day}' group by 1, 2, 3`,
    figures: keyed((r) => `${String(r['segment'])}/${String(r['time'])}/${String(r['adopted'])}`, ['n']),
    ours: async (con) => {
      const { feature: asked, q } = await readTimesQuestion(
        con,
        parsed(TimeToAdoptInput, { feature, month: lastMonth }),
      )
      const found = (await readOutcomes(con, asked, q)).filter((o) => o.isKnown && o.measured)
      const sums = new Map<string, number[]>()
      for (const o of found) {
        const key = `${o.segment}/${o.time}/${o.adopted}`
        sums.set(key, [(sums.get(key)?.[0] ?? 0) + o.n])
      }
      return sums
    },
  },
  {
    page: 'Stickiness',
    sql: `with ${seg},
      book as (select distinct week, (year(after) * 12 + month(after) - 2) as month from (select week, date '1970-01-05' + 7 * week + 7 as after from a_window where week between ${lastWeek - 25} and ${lastWeek})),
      paying as (select b.week, r.account_id from book b join revenue_month r on r.month = b.month and r.arr_cents > 0)
      select p.week, s.segment, count(*) as accounts, count(*) filter (w.mau > 0) as active, coalesce(sum(w.mau), 0)::bigint as mau, coalesce(sum(w.week_users) / 4, 0)::double as wau, coalesce(sum(w.workday_users) / 20, 0)::double as dau, coalesce(sum(w.week_users / 4 / w.mau) filter (w.mau > 0), 0)::double as wau_share
      from paying p join seg s using (account_id) left join a_window w on w.account_id = p.account_id and w.week = p.week group by 1, 2`,
    figures: (rows) =>
      new Map(
        rows.map((r) => [
          `${Number(r['week'])}/${String(r['segment'])}`,
          [
            ...['accounts', 'active', 'mau', 'wau', 'dau'].map((key) => Number(r[key])),
            Number(r['active']) >= 10 ? Number(r['wau_share']) / Number(r['active']) : null,
          ],
        ]),
      ),
    ours: async (con) => {
      const input = parsed(StickinessInput, { month: lastMonth })
      const { weeks } = await pickWindows(con, input, today)
      const { points } = await readStickiness(con, input, month, weeks)
      return new Map(
        segments(points).map((r) => [
          `${periodOf(r.day, 'week')}/${r.segment}`,
          [r.accounts, r.active, r.mau, r.wau, r.dau, r.perAccount.wauMau],
        ]),
      )
    },
  },
  {
    page: 'Breadth',
    sql: `with ${acc}, ${may},
      people as (select account_id, sum(bit_count(users)) as n from (select account_id, chunk, bit_or(users) as users from a_day where day between date '${day}' - 29 and date '${day}' group by 1, 2) group by 1),
      use as (select account_id, feature_id, sum(bit_count(users)) as users, bit_count(bit_or(days)) as days, sum(events) as events, sum(bit_count(u0)::int + bit_count(u1) + bit_count(u2) + bit_count(u3)) as weeks from (
        select account_id, feature_id, chunk, bit_or(users) as users, bit_or(1 << (date '${day}' - day)::int) as days, sum(case when day > date '${day}' - 28 then events else 0 end) as events,
          ${[0, 1, 2, 3].map((w) => `bit_or(case when day > date '${day}' - ${7 * w + 7} and day <= date '${day}' - ${7 * w} then users else 0 end) as u${w}`).join(', ')}
        from r_day where day between date '${day}' - 29 and date '${day}' and feature_id > 0 group by 1, 2, 3) group by 1, 2)
      select a.segment, f.name as feature, count(*) as measured, count(*) filter (p.n > 0 and not coalesce(u.events > 0 and u.users = 0, false)) as accounts, count(*) filter (u.users > 0) as using_n,
        quantile_cont(coalesce(u.users, 0) / p.n, [0.25, 0.5, 0.75]) filter (p.n > 0) as q, count(*) filter (u.days is null) as d0, count(*) filter (u.days between 1 and 4) as d1, count(*) filter (u.days between 5 and 12) as d2, count(*) filter (u.days >= 13) as d3, coalesce(sum(u.weeks), 0)::bigint as weeks
      from acc a join may m using (plan_set) join feature f on f.feature_id = m.feature_id left join people p using (account_id) left join use u on u.account_id = a.account_id and u.feature_id = m.feature_id where a.measured
      group by grouping sets ((1, 2), (2))`,
    figures: (rows) =>
      new Map(
        rows.map((r) => [
          `${String(r['segment'])}/${String(r['feature'])}`,
          [
            ...['measured', 'accounts', 'using_n', 'd0', 'd1', 'd2', 'd3', 'weeks'].map((key) => Number(r[key])),
            ...((r['q'] as number[] | null) ?? []),
          ],
        ]),
      ),
    ours: async (con) => {
      await needHistory(con)
      const { use } = await readUse(con, await blockQuery(con, bySegment, month))
      return new Map(
        use.map((r) => [
          `${String(r.segment)}/${r.feature}`,
          [r.measured, r.accounts, r.using_n, ...r.days, r.weeks, ...(r.quartiles ?? [])],
        ]),
      )
    },
  },
  {
    page: 'Whitespace',
    sql: `with ${acc}, ${may}, used as (select account_id, feature_id from af where era = 0 and bits & ${bits(month - 2, month)} <> 0)
      select a.segment, f.key, count(*) as eligible, count(*) filter (u.account_id is null) as n, coalesce(sum(a.arr) filter (u.account_id is null), 0)::bigint as arr,
        count(*) filter (u.account_id is null and c.renewal_date between date '${renewals.from}' and date '${renewals.to}') as due_n
      from acc a join customer c using (account_id) join may m using (plan_set) join feature f on f.feature_id = m.feature_id and f.is_core left join used u on u.account_id = a.account_id and u.feature_id = m.feature_id
      where a.measured group by 1, 2 having count(*) filter (u.account_id is null) > 0`,
    figures: keyed((r) => `${String(r['segment'])}/${String(r['key'])}`, ['eligible', 'n', 'arr', 'due_n']),
    ours: async (con) => {
      const { cells } = await readSummary(con, {
        q: await blockQuery(con, bySegment, month),
        month: lastMonth,
        window: renewals,
        evidence: new Map(),
        chosen: await chosenFeatures(con),
        where: 'true',
      })
      return new Map(
        cells.map((c) => [
          `${c.segment}/${c.featureId}`,
          [c.eligible, c.accounts, Math.round(c.arr * 100), c.renewing.accounts],
        ]),
      )
    },
  },
  {
    page: 'Renewals',
    sql: `with ${acc}, ${may}, used as (select account_id, feature_id from af where era = 0 and bits & ${bits(month - 2, month)} <> 0),
      core as (select a.account_id, count(*) as entitled, count(u.account_id) filter (a.measured) as adopted from acc a join may m using (plan_set) join feature f on f.feature_id = m.feature_id and f.is_core left join used u on u.account_id = a.account_id and u.feature_id = m.feature_id group by 1)
      select a.segment, c.owner, case when c.renewal_date is null then 'unknown' when c.renewal_date < date '${renewals.from}' then 'passed' when c.renewal_date > date '${renewals.to}' then 'later' else strftime(c.renewal_date, '%Y-%m') end as "when",
        case when not a.measured then 'not-measured' when coalesce(o.entitled, 0) = 0 then 'not-entitled' when o.adopted = o.entitled then 'all' when o.adopted = 0 then 'none' else 'some' end as use, count(*) as n, sum(a.arr)::bigint as arr
      from acc a join customer c using (account_id) left join core o using (account_id) group by all`,
    figures: keyed((r) => ['segment', 'owner', 'when', 'use'].map((key) => String(r[key])).join('/'), ['n', 'arr']),
    ours: async (con) =>
      keyed(
        (r) => ['segment', 'owner', 'when', 'use'].map((key) => String(r[key])).join('/'),
        ['n', 'arr'],
      )(await readGroups(con, await blockQuery(con, bySegment, month), renewals)),
  },
  {
    page: 'Product health',
    sql: healthByHand(),
    figures: keyed((r) => `${String(r['area'])}/${String(r['month'])}/${String(r['end_month'])}`, healthSums),
    ours: async (con) =>
      keyed(
        (r) => `${String(r['area'])}/${String(r['month'])}/${String(r['end_month'])}`,
        healthSums,
      )(await readAreas(con, await blockQuery(con, { segmentBy: 'arr' }, month), healthSpans)),
  },
  {
    page: 'Forms of NRR',
    sql: `with book as (select r.month, r.account_id, r.arr_cents as arr from revenue_month r join customer c using (account_id) where c.excluded_reason is null and r.arr_cents > 0 and r.month <= ${month}),
      first as (select account_id, min(month) as first from book group by 1),
      pair as (select coalesce(b.month, a.month + 1) as month, coalesce(b.account_id, a.account_id) as account_id, coalesce(a.arr, 0) as s, coalesce(b.arr, 0) as e
        from (select * from book where month > ${month - 12}) b full join (select * from book where month between ${month - 12} and ${month - 1}) a on a.account_id = b.account_id and a.month = b.month - 1),
      each_account as (select p.account_id, any_value(f.first) as first, sum(e) filter (p.month = ${month}) as arr_end, bool_or(p.month = ${month - 11} and s > 0) as at_base,
        sum(case when s > 0 and e > s then e - s else 0 end) as more, sum(case when e > 0 and e < s then s - e else 0 end) as less, sum(case when e = 0 then s else 0 end) as gone, sum(case when s = 0 and p.month > f.first then e else 0 end) as back, sum(case when p.month = f.first then e else 0 end) as fresh
        from pair p join first f using (account_id) group by 1)
      select case when at_base then 'cohort' when first < ${month - 12} then 'returned' else 'won' end as key, count(*) as n, coalesce(sum(arr_end), 0)::double as finish, sum(more)::double as more, sum(less)::double as less, sum(gone)::double as gone, sum(back)::double as back, sum(fresh)::double as fresh from each_account group by 1
      union all select 'ends', count(*), coalesce(sum(b.arr), 0)::double, sum(a.arr)::double, sum(least(a.arr, coalesce(b.arr, 0)))::double, 0, 0, 0 from (select * from book where month = ${month - 12}) a left join (select * from book where month = ${month}) b using (account_id)
      union all select 'signed', count(*), coalesce(sum(b.arr), 0)::double, coalesce(sum(a.arr), 0)::double, count(distinct f.first), 0, 0, 0 from first f join book a on a.account_id = f.account_id and a.month = f.first left join book b on b.account_id = f.account_id and b.month = f.first + 12
        where f.first between ${month - 23} and ${month - 12} and f.first > (select min(month) from revenue_month)
      union all select month::text, count(*) filter (s > 0), coalesce(sum(e) filter (s > 0), 0)::double, sum(case when s > 0 and e > s then e - s else 0 end)::double, sum(case when e > 0 and e < s then s - e else 0 end)::double, sum(case when e = 0 then s else 0 end)::double, sum(s)::double, 0 from pair group by month`,
    figures: keyed((r) => String(r['key']), ['n', 'finish', 'more', 'less', 'gone', 'back', 'fresh']),
    ours: async (con) => {
      const sums = await readBookSums(con, month - 12, month, null)
      const found: [string, number[]][] = Object.entries(sums.moves)
        .filter(([, m]) => m.accounts > 0)
        .map(([group, m]) => [
          group,
          [m.accounts, m.arrEnd, m.arr.expansion, m.arr.contraction, m.arr.churn, m.arr.reactivation, m.arr.new],
        ])
      const { signups } = sums
      return new Map([
        ...found,
        ['ends', [sums.accounts, sums.end, sums.start, sums.kept, 0, 0, 0]],
        ['signed', [signups.accounts, signups.end, signups.start, signups.cohorts, 0, 0, 0]],
        ...sums.months.map((m, i): [string, number[]] => [
          String(month - sums.months.length + 1 + i),
          [m.accounts, m.end, m.expansion, m.contraction, m.churn, m.start, 0],
        ]),
      ])
    },
  },
  {
    page: 'Evidence of one feature',
    sql: evidenceByHand(featureId),
    figures: keyed((r) => String(r['what']), ['a', 'b', 'c', 'd']),
    ours: async (con) => {
      const base = await blockQuery(con, bySegment, month - 12)
      const q = { ...base, endMonth: month, feature: featureId, window: 12, segment: null }
      return figuresOfEvidence((await con.one<DetailRow>(detailSql(q)))!)
    },
  },
  {
    page: 'What changed',
    sql: changesByHand(),
    figures: keyed((r) => String(r['what']), ['a', 'b', 'c', 'd']),
    ours: async (con) => {
      const history = await needHistory(con)
      const input = { segmentBy: 'segment', bands: [], adoptionMonths: 3 }
      const f = await readFacts(con, month, input, { currency: 'EUR', today, history })
      const at = ({ feature: name, segment, before, now }: (typeof f.adoption)[number]) =>
        [`${name}/${segment}`, [before.eligible, before.adopters, now.eligible, now.adopters]] as const
      return new Map<string, readonly (number | null)[]>([
        ...segments(f.adoption).map(at),
        ...f.stopped.map((r) => [`stopped/${r.feature}`, [r.accounts, r.arr, null, null]] as const),
        ['renewals', [f.renewals.accounts, f.renewals.arr, f.renewals.notAll, null]],
        ['book', [f.start, ...f.movements.slice(0, 3).map((m) => m.arr)]],
        ['events', [f.events.before, f.events.now, f.events.unmappedBefore, f.events.unmappedNow]],
      ])
    },
  },
  cohorts(
    'Cohorts of accounts by month',
    { month: monthText(cohortMonth), cohorts: 9 },
    `with ${seg}, first as (select account_id, min(month) as p0 from revenue_month where arr_cents > 0 group by 1),
      begun as (select f.account_id, f.p0, s.segment from first f join seg s using (account_id) where f.p0 between ${firstCohort} and ${cohortMonth} and s.first_event_day <= date '${cohortDay}')
      select segment, p0, null as step, count(*) as n from begun group by 1, 2
      union all select b.segment, b.p0, a.month - b.p0, count(*) from begun b join (select distinct account_id, month from a_month where month between ${firstCohort} and ${cohortMonth}) a on a.account_id = b.account_id and a.month >= b.p0 group by 1, 2, 3`,
  ),
  cohorts('Cohorts of users by week', { month: '2024-03', unit: 'users', by: 'week' }, usersByWeek()),
]

/** What the whole statement of the page tells: groups of like accounts, both sides, and their largest accounts together. */
function figuresOfEvidence({ groups, books }: DetailRow): Figures {
  const found = new Map<string, number[]>()
  const add = (key: string, ...values: number[]) => {
    const before = found.get(key)
    found.set(key, before ? before.map((value, i) => value + values[i]!) : values)
  }
  for (const g of groups) {
    add([g.segment, g.size, g.tenure, g.adopter].join('/'), g.n, g.alive, g.known, g.kept)
    if (g.adopter) add(`often/${g.often}`, g.n, g.alive, 0, 0)
  }
  for (const b of books) {
    add(`side/${b.adopter}`, b.accounts, b.start, b.end, b.topFive)
    for (const { start, end } of b.largest) add(`largest/${b.adopter}`, 1, start, end, 0)
    add(`without/${b.adopter}`, b.leaveOneOut!.low, b.leaveOneOut!.high, 0, 0)
  }
  return found
}

function evidenceByHand(featureId: number): string {
  const base = month - 12
  const on = `date '${monthEnd(base)}'`
  return `with ${seg},
      since as (select account_id, min(month) as month from revenue_month where arr_cents > 0 and month <= ${base} group by 1),
      book as (select r.account_id, s.segment, r.plan_set, r.arr_cents as arr, s.first_event_day <= ${on} as measured,
          floor((rank() over (partition by s.segment order by r.arr_cents) - 1) * 3.0 / count(*) over (partition by s.segment))::int as size,
          case when ${base} - n.month < 12 then 0 when ${base} - n.month < 24 then 1 else 2 end as tenure
        from revenue_month r join seg s using (account_id) join since n using (account_id) where r.month = ${base} and r.arr_cents > 0),
      may as (select distinct p.plan_set from plan_set p join entitled_plan e using (plan) where e.feature_id = ${featureId} and e.from_day <= ${on} and ${on} < e.to_day),
      busy as (select account_id, sum(paid_events) as events from r_month where feature_id = ${featureId} and month between ${base - 2} and ${base} group by 1),
      a as materialized (select b.account_id, b.segment, b.size, b.tenure, coalesce(af.bits & ${bits(base - 2, base)}, 0) <> 0 as adopter, b.arr::double as start, coalesce(e.arr_cents, 0)::double as "end", w.arr_cents as before, coalesce(y.events, 0)::bigint as events
      from book b join may using (plan_set) left join af on af.account_id = b.account_id and af.feature_id = ${featureId} and af.era = 0
      left join revenue_month e on e.account_id = b.account_id and e.month = ${month} left join revenue_month w on w.account_id = b.account_id and w.month = ${base - 12} and w.arr_cents > 0
      left join busy y on y.account_id = b.account_id where b.measured),
      ranked as (select *, row_number() over (partition by adopter order by start + "end" desc, account_id) as place, row_number() over (partition by adopter order by start desc) as by_start from a),
      total as (select adopter, sum(start) as s, sum("end") as e from a group by 1)
      select segment || '/' || size || '/' || tenure || '/' || adopter as what, count(*) as a, count(*) filter ("end" > 0) as b, count(before) as c, count(*) filter (start >= before) as d from a group by segment, size, tenure, adopter
      union all select 'often/' || (events >= (select list_sort(list(events))[count(*) // 2 + 1] from a where adopter)), count(*), count(*) filter ("end" > 0), 0, 0 from a where adopter group by 1
      union all select 'side/' || adopter, count(*), sum(start), sum("end"), sum(start) filter (by_start <= 5) from ranked group by adopter
      union all select 'largest/' || adopter, count(*), sum(start), sum("end"), 0 from ranked where place <= 500 group by adopter
      union all select 'without/' || adopter, min((t.e - a."end") / (t.s - a.start)), max((t.e - a."end") / (t.s - a.start)), 0, 0 from a join total t using (adopter) group by adopter`
}

/** The five things the page looks at, each read for itself. */
function changesByHand(): string {
  const at = (which: string, of: number) => {
    const on = `date '${monthEnd(of)}'`
    return `acc_${which} as (select r.account_id, s.segment, r.plan_set, r.arr_cents as arr, coalesce(s.first_event_day <= ${on}, false) as measured from revenue_month r join seg s using (account_id) where r.month = ${of} and r.arr_cents > 0),
      may_${which} as (select distinct p.plan_set, e.feature_id from plan_set p join entitled_plan e using (plan) join feature f on f.feature_id = e.feature_id and (f.released_on is null or f.released_on <= ${on}) where e.from_day <= ${on} and ${on} < e.to_day),
      used_${which} as (select account_id, feature_id from af where era = 0 and feature_id > 0 and bits & ${bits(of - 2, of)} <> 0),
      pair_${which} as (select a.account_id, a.segment, a.arr, m.feature_id, u.account_id is not null as adopted from acc_${which} a join may_${which} m using (plan_set) join feature f on f.feature_id = m.feature_id and f.is_core left join used_${which} u on u.account_id = a.account_id and u.feature_id = m.feature_id where a.measured),
      whole_${which} as (select g.segment, m.feature_id, sum(g.n) as n from (select segment, plan_set, count(*) as n from acc_${which} where measured group by 1, 2) g join may_${which} m using (plan_set) group by 1, 2),
      told_${which} as (select a.segment, u.feature_id, count(*) as n from used_${which} u join acc_${which} a using (account_id) join may_${which} m on m.plan_set = a.plan_set and m.feature_id = u.feature_id where a.measured group by 1, 2)`
  }
  const { from, to } = cameIn(month, today)
  const byDay = (of: number) => Number(monthEnd(of).slice(8))
  return `with ${seg}, ${at('was', month - 1)}, ${at('now', month)},
      book as (select coalesce(b.account_id, a.account_id) as account_id, coalesce(a.arr_cents, 0) as s, coalesce(b.arr_cents, 0) as e
        from (select * from revenue_month where month = ${month} and arr_cents > 0) b full join (select * from revenue_month where month = ${month - 1} and arr_cents > 0) a using (account_id)),
      first as (select account_id, min(month) as month from revenue_month where arr_cents > 0 group by 1),
      named as (select month(day) as m, sum(events) as n from r_name where day between date '${monthText(month - 1)}-01' and date '${monthEnd(month)}' group by 1),
      matched as (select month, sum(events) filter (feature_id = 0) / sum(events) as share from r_month where feature_id >= 0 and month in (${month - 1}, ${month}) group by 1)
      select f.name || '/' || n.segment as what, coalesce(w.n, 0) as a, coalesce(tw.n, 0) as b, n.n as c, coalesce(tn.n, 0) as d
        from whole_now n join feature f using (feature_id) left join whole_was w on w.segment = n.segment and w.feature_id = n.feature_id left join told_was tw on tw.segment = n.segment and tw.feature_id = n.feature_id left join told_now tn on tn.segment = n.segment and tn.feature_id = n.feature_id
      union all select 'stopped/' || f.name, count(*), sum(n.arr) / 100, null, null from pair_now n join pair_was w on w.account_id = n.account_id and w.feature_id = n.feature_id join feature f on f.feature_id = n.feature_id where w.adopted and not n.adopted group by f.name
      union all select 'renewals', count(*), sum(a.arr) / 100, count(*) filter (p.lacks), null from acc_now a join customer c using (account_id) left join (select account_id, bool_or(not adopted) as lacks from pair_now group by 1) p on p.account_id = a.account_id where c.renewal_date between date '${from}' and date '${to}'
      union all select 'book', sum(s) / 100, coalesce(sum(e) filter (s = 0 and f.month = ${month}), 0) / 100, coalesce(sum(e) filter (s = 0 and f.month <> ${month}), 0) / 100, coalesce(sum(e - s) filter (s > 0 and e > s), 0) / 100 from book b join customer c using (account_id) join first f using (account_id) where c.excluded_reason is null
      union all select 'events', max(n) filter (m = ${Number(monthText(month - 1).slice(5))}) / ${byDay(month - 1)}, max(n) filter (m = ${Number(lastMonth.slice(5))}) / ${byDay(month)}, (select share from matched where month = ${month - 1}), (select share from matched where month = ${month}) from named`
}

/** One part for each month's end, as one would write it in a loop. */
function healthByHand(): string {
  const parts = healthSpans.map(({ month: at, endMonth }) => {
    const on = `date '${monthEnd(at)}'`
    const sums = (test: string, prefix: string) =>
      `count(*) filter (${test}) as ${prefix}n, coalesce(sum(arr) filter (${test}), 0)::bigint as ${prefix}arr, coalesce(sum(finish) filter (${test}), 0)::bigint as ${prefix}end, coalesce(sum(least(arr, finish)) filter (${test}), 0)::bigint as ${prefix}kept, count(*) filter (${test} and finish > 0) as ${prefix}alive`
    return `select area, ${at} as month, ${endMonth} as end_month, ${sums('true', '')}, ${sums('used', 'a_')} from (
        select r.account_id, j.area, any_value(r.arr_cents) as arr, any_value(coalesce(e.arr_cents, 0)) as finish, bool_or(coalesce(af.bits & ${bits(Math.max(firstMonth, at - 2), at)}, 0) <> 0) as used
        from revenue_month r join customer c on c.account_id = r.account_id and c.excluded_reason is null and c.first_event_day <= ${on}
        join (select distinct p.plan_set, j.feature_id, j.area from plan_set p join entitled_plan e using (plan) join judged j on j.feature_id = e.feature_id and (j.released_on is null or j.released_on <= ${on}) where e.from_day <= ${on} and ${on} < e.to_day) j on j.plan_set = r.plan_set
        left join af on af.account_id = r.account_id and af.feature_id = j.feature_id and af.era = 0
        left join revenue_month e on e.account_id = r.account_id and e.month = ${endMonth}
        where r.month = ${at} and r.arr_cents > 0 group by 1, 2) group by 1`
  })
  return `with judged as (select * from feature f where f.is_core or not exists (from feature g where g.is_core and g.area is not distinct from f.area)) ${parts.join(' union all ')}`
}

/** Weeks as they are numbered in `a_week`; the last is not over at the month's end. */
function usersByWeek(): string {
  const day = monthEnd(monthIndex('2024-03'))
  const last = Math.floor((Date.parse(day) - Date.parse('1970-01-05')) / 604_800_000)
  const monday = new Date(Date.parse('1970-01-05') + last * 604_800_000).toISOString().slice(0, 10)
  const first = Math.max(last - 11, Math.floor((Date.parse('2024-01-01') - Date.parse('1970-01-05')) / 604_800_000) + 1)
  return `with ${seg},
      seen as (select account_id, chunk, week, users from a_week where week between ${first} and ${last - 1}
        union all select account_id, chunk, ${last}, bit_or(users) from a_day where day between date '${monday}' and date '${day}' group by 1, 2),
      before as (select account_id, chunk, bit_or(users) as users from a_week where week < ${first} group by 1, 2),
      fresh as (select s.account_id, s.chunk, s.week as p0, s.users & ~coalesce(b.users, 0) & ~coalesce(bit_or(s.users) over (partition by s.account_id, s.chunk order by s.week rows between unbounded preceding and 1 preceding), 0) as users from seen s left join before b using (account_id, chunk)),
      begun as (select f.*, s.segment from (select *, date '1970-01-05' + (p0 * 7 + 6)::int as day from fresh where users <> 0) f join revenue_month r on r.account_id = f.account_id and r.arr_cents > 0 and r.month = year(f.day) * 12 + month(f.day) - 1 join seg s on s.account_id = f.account_id)
      select segment, p0, null as step, sum(bit_count(users))::bigint as n from begun group by 1, 2
      union all select b.segment, b.p0, a.week - b.p0, sum(bit_count(b.users & a.users))::bigint from begun b join seen a on a.account_id = b.account_id and a.chunk = b.chunk and a.week >= b.p0 group by 1, 2, 3`
}

export function expectSameFigures(theirs: Figures, ours: Figures, page: string): void {
  if (theirs.size !== ours.size) throw new Error(`${page}: ${theirs.size} rows by hand where ours are ${ours.size}.`)
  for (const [key, values] of ours) {
    const other = theirs.get(key)
    const isSame =
      other?.length === values.length &&
      other.every((v, i) =>
        v === null || values[i] === null
          ? v === values[i]
          : Math.abs(v - values[i]!) <= 1e-9 * Math.max(1, Math.abs(v)),
      )
    if (!isSame)
      throw new Error(`${page}: ${key} is ${JSON.stringify(other)} by hand where ours is ${JSON.stringify(values)}.`)
  }
}
