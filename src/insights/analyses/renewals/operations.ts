/** Who renews when, and whether they use what they pay for: ARR by month of renewal and by how many core features are adopted. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { addDays, daysBetween, monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural, shortDay, shortMoney } from '../../../platform/wording.ts'
import { DataText } from '../../../platform/field-types.ts'
import {
  accountCsv,
  accountList,
  accountPage,
  BookAccount,
  customerColumns,
  inSegment,
  type FoundAccount,
} from '../ground/account-rows.ts'
import { renewalWindow } from '../ground/accounts-behind.ts'
import type { BlockQuery } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import { pairsSql } from '../ground/entitled.ts'
import { Paging } from '../ground/paging.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

/** How many of the core features that an account is entitled to it has adopted. */
export const uses = ['all', 'some', 'none', 'not-entitled', 'not-measured'] as const
const Use = z.enum(uses)
export type Use = z.infer<typeof Use>
/** Months are calendar months; the other two are accounts outside of the calendar. */
const When = z.union([Month, z.enum(['passed', 'later', 'unknown'])])

const Sum = z.object({ accounts: z.int(), arr: z.number() })
const ByUse = z.object({ all: Sum, some: Sum, none: Sum, 'not-entitled': Sum, 'not-measured': Sum })
const Line = z.object({ name: z.string(), accounts: z.int(), arr: z.number(), use: ByUse })

export const RenewalsInput = SegmentBy.extend({
  month: Month.optional().describe('whose end adoption and ARR are read at; the last complete month where absent'),
  months: z.int().min(3).max(12).default(6).describe('calendar months ahead, the one that runs included'),
  adoptionMonths: z.int().min(1).max(12).default(3),
})
export const Renewals = z.object({
  answer: Answer,
  standing: Standing,
  month: Month,
  from: Day,
  to: Day,
  coreFeatures: z.array(z.string()),
  rows: z.array(z.object({ month: Month, accounts: z.int(), arr: z.number(), use: ByUse })),
  segments: z.array(Line),
  owners: z.array(Line),
  total: Line,
  outside: z
    .object({ passed: Sum, later: Sum, unknown: Sum })
    .describe('accounts that pay and renew at no day of the calendar: its day is past, later, or not known'),
})
export type Renewals = z.infer<typeof Renewals>

interface Found extends FoundAccount {
  use: Use
  entitled: number
  adopted: number
  missing: number[]
  last_use: string | null
}

/** Table `told`: every account of the book at the query's month, once, with its core features, its customer's row, and when it renews. */
const toldSql = (q: BlockQuery, span: { from: string; to: string }) => `
  ${pairsSql(q, 'f.is_core')},
  core as (
    select
      account_id,
      count(*) as entitled,
      sum(adopted)::bigint as adopted,
      list(feature_id) filter (adopted = 0) as missing
    from pair
    group by account_id
  ),
  told as (
    select
      ${customerColumns}, acc.segment, acc.arr,
      c.last_event_day as last_use,
      coalesce(core.entitled, 0) as entitled,
      coalesce(core.adopted, 0) as adopted,
      coalesce(core.missing, []) as missing,
      case
        when c.renewal_date is null then 'unknown'
        when c.renewal_date < ${dayLiteral(span.from)} then 'passed'
        when c.renewal_date > ${dayLiteral(span.to)} then 'later'
        else strftime(c.renewal_date, '%Y-%m')
      end as "when",
      case
        when acc.measured = 0 then 'not-measured'
        when core.entitled is null then 'not-entitled'
        when core.adopted = core.entitled then 'all'
        when core.adopted = 0 then 'none'
        else 'some'
      end as use
    from acc
    join customer c on c.account_id = acc.account_id
    left join core on core.account_id = acc.account_id
  )`
const isInCalendar = `"when" not in ('unknown', 'passed', 'later')`

/** Accounts that renew in the same month and use as much, summed where they lie. */
interface Group {
  segment: string
  owner: string | null
  when: z.infer<typeof When>
  use: Use
  n: number
  arr: number
}
export const readGroups = (con: Connection, q: BlockQuery, span: { from: string; to: string }): Promise<Group[]> =>
  con.all<Group>(`
    with ${toldSql(q, span)}
    select segment, owner, "when", use, count(*) as n, sum(arr)::bigint as arr
    from told
    group by all`)

type Sums = z.infer<typeof Sum>
const sumOf = (groups: readonly Group[]): Sums => ({
  accounts: groups.reduce((sum, g) => sum + g.n, 0),
  arr: groups.reduce((sum, g) => sum + g.arr, 0) / 100,
})
const lineOf = (groups: readonly Group[]) => ({
  ...sumOf(groups),
  use: Object.fromEntries(uses.map((use) => [use, sumOf(groups.filter((g) => g.use === use))])) as z.infer<
    typeof ByUse
  >,
})
const linesBy = (groups: readonly Group[], by: (g: Group) => string) =>
  [...Map.groupBy(groups, by)]
    .map(([name, of]) => ({ name, ...lineOf(of) }))
    .sort((a, b) => b.arr - a.arr || (a.name < b.name ? -1 : 1))

/** From the day that renewals are counted from (`accounts-behind.ts`) to the end of the last calendar month. */
export function renewalCalendar(month: number, months: number, today: string): { from: string; to: string } {
  const { from: day } = renewalWindow(month, today)
  // A month's end begins the next month, which is the first one ahead.
  const from = day === monthEnd(month) ? addDays(day, 1) : day
  return { from, to: monthEnd(monthIndex(from) + months - 1) }
}

async function readQuestion(con: Connection, context: WorkspaceContext, input: z.output<typeof RenewalsInput>) {
  const month = monthIndex(pickMonth(input.month, await needHistory(con)))
  const span = renewalCalendar(month, input.months, context.now().toISOString().slice(0, 10))
  return { month, span, q: await blockQuery(con, input, month) }
}

function writeAnswer(
  total: z.infer<typeof Line>,
  span: { from: string; to: string },
  currency: string,
  core: number,
): Answer {
  const until = `by ${shortDay(span.to)}`
  if (total.accounts === 0) return { text: `No account renews ${until}.`, caveat: null }
  const few = total.use.none
  const some = total.use.some
  const text = `${plural(total.accounts, 'account renews', 'accounts renew')} ${until}, ${shortMoney(total.arr, currency)} of ARR. `
  if (core === 0) return { text: `${text}No feature is named core, so use is not judged.`, caveat: null }
  const said = (sum: Sums) => plural(sum.accounts, 'uses', 'use')
  const none =
    few.accounts === 0
      ? 'Each uses at least one core feature'
      : `${said(few)} no core feature, ${shortMoney(few.arr, currency)}`
  const tail =
    few.accounts === 0 && some.accounts === 0
      ? 'All that could be judged use every core feature they are entitled to.'
      : `${none}; ${said(some)} only some, ${shortMoney(some.arr, currency)}.`
  const dark = total.use['not-measured']
  const notMeasured = `${plural(dark.accounts, 'of them is', 'of them are')} not measured, ${shortMoney(dark.arr, currency)}`
  return {
    text: text + tail,
    caveat: dark.accounts === 0 ? null : `${notMeasured}: no use is known, which is no sign of disuse.`,
  }
}

export const analyseRenewals = operation({
  name: 'insights.analyses.renewals',
  summary: 'ARR that renews in the months ahead, by use of core features, segment and owner',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse renewals',
  input: RenewalsInput,
  output: Renewals,
  example: () => ({ months: 6 }),
  csv: {
    fileName: (o) => `renewals-${o.from}.csv`,
    rows: (o) =>
      o.rows.flatMap((r) =>
        uses.map((use) => ({
          renews_in: r.month,
          core_features_used: use,
          accounts: r.use[use].accounts,
          arr: r.use[use].arr,
        })),
      ),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const { month, span, q } = await readQuestion(con, context, input)
      const groups = await readGroups(con, q, span)
      const within = groups.filter((g) => /^\d/.test(g.when))
      const outside = (when: string) => sumOf(groups.filter((g) => g.when === when))
      const core = await con.all<{ name: string }>('select name from feature where is_core order by name')
      const total = { name: 'All', ...lineOf(within) }
      const unknown = outside('unknown')
      const passed = outside('passed')
      const standing = await readStanding(
        con,
        {
          currency,
          period: `Renewals from ${shortDay(span.from)} to ${shortDay(span.to)}; ARR and use at ${shortDay(monthEnd(month))}`,
          base: 'Accounts with ARR at that day; excluded ones are left out',
          notes: [
            ...(unknown.accounts > 0
              ? [
                  `${plural(unknown.accounts, 'account that pays has', 'accounts that pay have')} no renewal date, ${shortMoney(unknown.arr, currency)} of ARR: they are not in the calendar.`,
                ]
              : []),
            ...(passed.accounts > 0
              ? [
                  `${plural(passed.accounts, 'account pays', 'accounts pay')} though the renewal date is past, ${shortMoney(passed.arr, currency)}: the date may be out of date.`,
                ]
              : []),
            `A core feature is used where the account adopted it in the ${plural(input.adoptionMonths, 'full month', 'full months')} to ${shortDay(monthEnd(month))}.`,
          ],
          definitions: ['arr', 'adopter', 'entitlement', 'not-measured', 'renewal-calendar'],
        },
        [adoptionRange(month, input.adoptionMonths)],
      )
      return {
        answer: writeAnswer(total, span, currency, core.length),
        standing,
        month: monthText(month),
        ...span,
        coreFeatures: core.map((f) => f.name),
        total,
        rows: Array.from({ length: input.months }, (_, i) => monthText(monthIndex(span.from) + i)).map((m) => ({
          month: m,
          ...lineOf(within.filter((g) => g.when === m)),
        })),
        segments: linesBy(within, (g) => g.segment),
        owners: linesBy(within, (g) => g.owner ?? 'no owner'),
        outside: { passed, later: outside('later'), unknown },
      }
    })
  },
})

const RenewalAccount = BookAccount.extend({
  renewsInDays: z.int().nullable(),
  use: Use,
  coreEntitled: z.int(),
  coreAdopted: z.int(),
  notAdopted: z.array(z.string()).describe('core features it is entitled to and has not adopted'),
  lastUse: Day.nullable().describe('of anything'),
})
export type RenewalAccount = z.infer<typeof RenewalAccount>

export const listRenewalAccounts = operation({
  name: 'insights.analyses.renewalAccounts',
  summary: 'The accounts that renew, with owner, core features used and last use',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse renewal-accounts',
  input: RenewalsInput.extend({
    when: When.optional().describe(
      'one month of the calendar, or passed, later, unknown; the whole calendar where absent',
    ),
    use: Use.optional(),
    segment: DataText.optional(),
    owner: DataText.optional(),
  }).extend(Paging.shape),
  output: accountList(RenewalAccount),
  example: () => ({ months: 6 }),
  target: (input) => [input.when, input.use, input.segment, input.owner].filter(Boolean).join(', ') || 'the calendar',
  csv: {
    fileName: () => 'renewal-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        renews_in_days: r.renewsInDays,
        core_features_used: r.use,
        core_adopted: r.coreAdopted,
        core_entitled: r.coreEntitled,
        not_adopted: r.notAdopted.join('; '),
        last_use: r.lastUse,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const { span, q } = await readQuestion(con, context, input)
      const select = `
        select *
        from told
        where ${input.when ? `"when" = ${textLiteral(input.when)}` : isInCalendar}
          and ${input.use ? `use = ${textLiteral(input.use)}` : 'true'}
          and ${inSegment(input.segment)}
          and ${input.owner === undefined ? 'true' : `coalesce(owner, 'no owner') = ${textLiteral(input.owner)}`}`
      const order = 'renewal_date, arr desc, ext_id'
      const features = await con.kept<{ feature_id: number; name: string }>('select feature_id, name from feature')
      const nameOf = new Map(features.map((f) => [f.feature_id, f.name]))
      return {
        currency,
        ...(await accountPage(con, { tables: toldSql(q, span), select, order }, input, (r: Found) => ({
          renewsInDays: r.renewal_date ? daysBetween(span.from, r.renewal_date) : null,
          use: r.use,
          coreEntitled: r.entitled,
          coreAdopted: r.adopted,
          notAdopted: r.missing.map((id) => nameOf.get(id) ?? '').sort(),
          lastUse: r.last_use,
        }))),
      }
    })
  },
})
