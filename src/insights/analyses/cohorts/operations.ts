/** Whether new accounts, or new users, come back: cohorts by their first period, and how many were active in the periods after. */
import { z } from 'zod'
import { invalid } from '../../../platform/errors.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import { rateOf } from '../ground/adoption.ts'
import { inSegmentOrder, pairOf } from '../ground/adoption-sql.ts'
import { askedFeature } from '../ground/asked-feature.ts'
import { Answer, blockQuery, currencyOf, needHistory, readStanding, Standing } from '../ground/asking.ts'
import { DataText } from '../../../platform/field-types.ts'
import { cohortSql, firstCohort, type CohortQuery } from './cohort-sql.ts'
import { periodEnd, periodOf, periodStart, periodText, periodWords } from '../../../platform/calendar/periods.ts'
import { Rate, SegmentBy } from '../ground/schemas.ts'
import { futureNote, noUsers, noUsersNext, pickPastMonth } from '../ground/usage.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const CohortInput = SegmentBy.extend({
  unit: z
    .enum(['accounts', 'users'])
    .default('accounts')
    .describe('accounts by the month in which they first pay, users by the one in which they are first active'),
  by: z.enum(['month', 'week']).default('month').describe('calendar months, or weeks from Monday to Sunday'),
  kind: z
    .enum(['n-day', 'unbounded', 'bracket'])
    .default('n-day')
    .describe('active exactly in period N; in N or later; or within a span of periods'),
  spans: z
    .array(z.int().min(0).max(200))
    .min(2)
    .max(20)
    .default([0, 1, 4, 7, 12])
    .describe(
      'for brackets: where each span begins, and where the last one ends: 0, 1, 4 is period 0 and periods 1 to 3',
    ),
  cohorts: z.int().min(1).max(26).default(12),
  feature: DataText.optional().describe('only its use counts as coming back; any use where absent'),
  month: Month.optional().describe('as known at its end; all usage that is known where absent'),
})
type Input = z.output<typeof CohortInput>

export const CohortCell = z.object({
  step: z.int(),
  returned: z.int(),
  rate: Rate,
  isComplete: z.boolean().describe('false: the period is not over; more may come back'),
})
export const CohortRow = z.object({
  cohort: z.string().describe('a month, or the Monday of a week'),
  segment: z.string(),
  size: z.int(),
  accounts: z.int().describe('whose members they are'),
  cells: z.array(CohortCell),
})
export type CohortRow = z.infer<typeof CohortRow>
export const CohortAverage = z.object({
  segment: z.string(),
  accounts: z.int().describe('with members in any of the cohorts, each once'),
  points: z.array(
    z.object({
      step: z.int(),
      reached: z.int().describe('members of cohorts that reached the step'),
      returned: z.int(),
      rate: Rate,
    }),
  ),
})
export type CohortAverage = z.infer<typeof CohortAverage>

/** The steps of a curve: single periods, or the spans that were asked for. @throws invalid where spans do not rise */
export function stepsOf(
  kind: CohortQuery['kind'],
  spans: readonly number[],
  longest: number,
): { from: number; to: number }[] {
  if (kind !== 'bracket') return Array.from({ length: longest }, (_, from) => ({ from, to: from }))
  if (spans.some((n, i) => i > 0 && n <= spans[i - 1]!))
    throw invalid('“spans”: each must begin after the one before, as 0, 1, 4, 7, 12.')
  return spans.slice(0, -1).map((from, i) => ({ from, to: spans[i + 1]! - 1 }))
}

export async function readCohortQuestion(
  con: Connection,
  input: Input,
  today: string,
): Promise<{ c: CohortQuery; feature: string | null; hasUsers: boolean } | null> {
  const history = await needHistory(con)
  const feature = input.feature === undefined ? null : await askedFeature(con, input.feature)
  const lastUse = history.lastUsageDay < today ? history.lastUsageDay : today
  const lastDay = input.month ? monthEnd(pickPastMonth(input.month, history, today)) : lastUse
  const [data] = await con.kept<{ first: string | null; book: number; hasUsers: boolean }>(
    'select (select min(day) from a_day) as first, (select max(month) from revenue_month where arr_cents > 0) as book, exists (from a_month where users <> 0) as "hasUsers"',
  )
  const last = periodOf(lastDay, input.by)
  if (!data?.first) return null
  const known = Math.min(last, periodOf(monthEnd(data.book), input.by))
  const first = Math.max(firstCohort(data.first, input.by, input.unit), known - input.cohorts + 1)
  if (first > known) return null
  const q = await blockQuery(con, { ...input, adoptionMonths: 1 }, known)
  return {
    feature: feature?.name ?? null,
    hasUsers: data.hasUsers,
    c: {
      q,
      unit: input.unit,
      by: input.by,
      kind: input.kind,
      first,
      last: known,
      steps: stepsOf(input.kind, input.spans, last - first + 1),
      lastDay,
      feature: feature?.featureId ?? null,
    },
  }
}

interface Found {
  /** Null: of all segments; with a cohort, new accounts that are not measured, and so in none. */
  segment: string | null
  /** Null: over all cohorts. */
  p0: number | null
  /** Null: the members. */
  step: number | null
  n: number
  /** Of members: whose they are, each account once. */
  accounts: number | null
}

/** Sizes (no step), how many came back, and the accounts behind each segment (no cohort), by segment and cohort. */
export async function readCohorts(con: Connection, c: CohortQuery): Promise<Found[]> {
  // An account with more users than one word of bits holds has several rows of members in one cohort.
  const [words] = await con.kept<{ several: boolean }>('select exists (from a_week where chunk > 0) as several')
  const sizes =
    c.unit === 'users' && words!.several
      ? `
    select account_id, segment, p0, sum(bit_count(bits))::bigint as n
    from members
    group by account_id, segment, p0`
      : 'select account_id, segment, p0, bit_count(bits)::bigint as n from members'
  return con.all(`
  with ${cohortSql(c)},
  sizes as (${sizes})
  select
    segment,
    p0::int as p0,
    null::int as step,
    sum(n)::bigint as n,
    count(*) as accounts
  from sizes
  group by segment, p0
  union all
  select segment, null, null, 0, count(distinct account_id) from sizes group by grouping sets ((segment), ())
  union all
  select segment, p0::int, step::int, sum(bit_count(bits))::bigint, null from hits group by segment, p0, step
  ${
    c.unit === 'users'
      ? ''
      : `
  union all
  select null, 0, null, count(*), null from begun where not measured and p0 between ${c.first} and ${c.last}`
  }`)
}

function rowOf(c: CohortQuery, segment: string, p0: number, found: readonly Found[]): CohortRow {
  const sum = (step: number | null) => found.reduce((n, r) => n + (r.step === step ? r.n : 0), 0)
  const size = sum(null)
  const accounts = found.reduce((n, r) => n + (r.accounts ?? 0), 0)
  const begun = c.steps.map((s, step) => ({ ...s, step })).filter((s) => periodStart(p0 + s.from, c.by) <= c.lastDay)
  return {
    cohort: periodText(p0, c.by),
    segment,
    size,
    accounts,
    cells: begun.map(({ step, to }) => ({
      step,
      returned: sum(step),
      rate: rateOf(sum(step), size),
      isComplete: periodEnd(p0 + to, c.by) <= c.lastDay,
    })),
  }
}

/** Over the cohorts that reached a step, each member alike; a period that is not over is no part of it. */
function averageOf(segment: string, accounts: number, rows: readonly CohortRow[], steps: number): CohortAverage {
  return {
    segment,
    accounts,
    points: Array.from({ length: steps }, (_, step) => {
      const cells = rows.flatMap((r) =>
        r.cells.filter((cell) => cell.step === step && cell.isComplete).map((cell) => ({ ...cell, size: r.size })),
      )
      const reached = cells.reduce((n, cell) => n + cell.size, 0)
      const returned = cells.reduce((n, cell) => n + cell.returned, 0)
      return { step, reached, returned, rate: rateOf(returned, reached) }
    }).filter((p) => p.reached > 0),
  }
}

const who = { accounts: ['account', 'accounts'], users: ['user', 'users'] } as const

export const stepText = (s: { from: number; to: number }, by: CohortQuery['by']): string =>
  s.from === s.to ? `${by} ${s.from}` : `${by}s ${s.from} to ${s.to}`

function sayCohorts(
  c: CohortQuery,
  feature: string | null,
  average: CohortAverage | undefined,
  hasUsers: boolean,
): Answer {
  if (c.unit === 'users' && !hasUsers) return { text: noUsers, caveat: noUsersNext }
  const told =
    average?.points
      .filter((p) => p.rate.value !== null && c.steps[p.step]!.to > 0 && p.step <= Math.max(3, 1))
      .at(-1) ?? average?.points.filter((p) => p.rate.value !== null).at(-1)
  if (!average || average.points.length === 0)
    return { text: `No new ${who[c.unit][1]} began in the ${c.by}s shown.`, caveat: null }
  if (!told)
    return {
      text: `Fewer than 10 new ${who[c.unit][1]} began in the ${c.by}s shown, too few for a rate.`,
      caveat: 'The counts stand below.',
    }
  const step = c.steps[told.step]!
  const at = stepText(step, c.by)
  const name = told.reached === 1 ? who[c.unit][0] : who[c.unit][1]
  return {
    text: `Of ${told.reached.toLocaleString('en-GB')} new ${name} that reached ${at}, ${percent(told.rate.value!)} ${feature ? `used ${feature}` : 'came back'} ${c.kind === 'unbounded' ? 'in it or later' : step.from === step.to ? 'in it' : 'within them'}.`,
    caveat:
      c.kind === 'unbounded'
        ? 'The newest cohorts fall by construction: who has not come back yet still may.'
        : `95 % interval ${percent(told.rate.low!)} to ${percent(told.rate.high!)}. Who stopped paying stays in the base.`,
  }
}

const kindWords = {
  'n-day': 'active in exactly that period',
  unbounded: 'active in that period or any later one that is known',
  bracket: 'active at least once within the span',
} as const

export const analyseCohortRetention = operation({
  name: 'insights.analyses.cohortRetention',
  summary: 'Whether new accounts or users come back, by cohort and period',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse cohort-retention',
  input: CohortInput,
  example: () => ({ cohorts: 6 }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    unit: CohortInput.shape.unit.unwrap(),
    by: CohortInput.shape.by.unwrap(),
    kind: CohortInput.shape.kind.unwrap(),
    feature: z.string().nullable(),
    steps: z.array(z.object({ from: z.int(), to: z.int(), text: z.string() })),
    rows: z.array(CohortRow),
    averages: z.array(CohortAverage),
    segments: z.array(z.string()),
    notMeasured: z.int(),
  }),
  csv: {
    fileName: (o) => `cohorts-${o.unit}-${o.kind}.csv`,
    rows: (o) =>
      o.rows.flatMap((r) =>
        r.cells.map((cell) => ({
          unit: o.unit,
          kind: o.kind,
          feature: o.feature,
          segment: r.segment,
          cohort: r.cohort,
          size: r.size,
          accounts: r.accounts,
          step: o.steps[cell.step]!.text,
          returned: cell.returned,
          rate: cell.rate.value,
          low: cell.rate.low,
          high: cell.rate.high,
          mark: cell.rate.mark,
          complete: cell.isComplete,
        })),
      ),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const question = await readCohortQuestion(con, input, today)
      const c = question?.c
      const read = c ? await readCohorts(con, c) : []
      const notMeasured = read.find((r) => r.segment === null && r.p0 !== null)?.n ?? 0
      const found = read.flatMap(({ segment, p0, ...r }) =>
        segment === null || p0 === null ? [] : [{ ...r, segment, p0 }],
      )
      const accountsOf = (segment: string) =>
        read.find((r) => r.p0 === null && (r.segment ?? 'All') === segment)?.accounts ?? 0
      const segments = inSegmentOrder(
        [...new Set(found.map((r) => r.segment))].map((segment) => ({ segment })),
        { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) },
      ).map((s) => s.segment)
      const rows = c
        ? ['All', ...segments].flatMap((segment) => {
            const mine = found.filter((r) => segment === 'All' || r.segment === segment)
            return [...new Set(mine.map((r) => r.p0))]
              .sort((a, b) => a - b)
              .map((p0) =>
                rowOf(
                  c,
                  segment,
                  p0,
                  mine.filter((r) => r.p0 === p0),
                ),
              )
          })
        : []
      const averages = c
        ? ['All', ...segments].map((segment) =>
            averageOf(
              segment,
              accountsOf(segment),
              rows.filter((r) => r.segment === segment),
              c.steps.length,
            ),
          )
        : []
      return {
        unit: input.unit,
        by: input.by,
        kind: input.kind,
        feature: question?.feature ?? null,
        rows,
        averages,
        segments,
        notMeasured,
        steps: (c?.steps ?? []).map((s) => ({ ...s, text: stepText(s, input.by) })),
        answer: c
          ? sayCohorts(c, question.feature, averages[0], question.hasUsers)
          : {
              text: `No cohort of new ${who[input.unit][1]} can be seen from its start yet.`,
              caveat: 'It takes usage that is known from before they began.',
            },
        standing: await readStanding(
          con,
          {
            currency,
            period: c
              ? `Cohorts of ${periodWords(c.first, c.by)} to ${periodWords(c.last, c.by)}, usage to ${shortDay(c.lastDay)}`
              : 'No cohort yet',
            base: `${input.unit === 'accounts' ? 'Measured accounts, by the first month’s end at which they have ARR' : 'Users, by the first period in which they did anything, of accounts with ARR at that month’s end'}${question?.feature ? `, entitled to ${question.feature} then` : ''}; excluded ones are left out; segment as it was then`,
            notes: [
              `Coming back is being ${kindWords[input.kind]}.`,
              'The curve is over cohorts that reached a period, each member alike; * marks a period that is not over.',
              ...(input.kind === 'unbounded' ? ['“In N or later” falls for the newest cohorts by construction.'] : []),
              ...(notMeasured > 0
                ? [
                    `${plural(notMeasured, 'new account is', 'new accounts are')} not measured and left out: no use is known, which is no sign of disuse.`,
                  ]
                : []),
              ...(await futureNote(con, today)),
            ],
            definitions: ['cohort-retention', 'not-measured', 'wilson', 'suppressed'],
          },
          c ? [{ from: monthIndex(periodStart(c.first, c.by)), to: monthIndex(c.lastDay) }] : [],
        ),
      }
    })
  },
})
