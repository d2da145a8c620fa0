/** How far accounts get with one feature: from paying to using it month by month; each step is a part of the one before. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
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
import { rateOf } from '../ground/adoption.ts'
import { everTest, usedTest, type BlockQuery } from '../ground/adoption-sql.ts'
import { askedFeature, type AskedFeature } from '../ground/asked-feature.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import { mayUseSql, pairsSql } from '../ground/entitled.ts'
import { Paging } from '../ground/paging.ts'
import { Rate, SegmentBy } from '../ground/schemas.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const funnelSteps = ['paying', 'entitled', 'measured', 'ever-used', 'adopted', 'every-month'] as const
export type FunnelStep = (typeof funnelSteps)[number]
const Step = z.enum(funnelSteps)

export const AdoptionFunnelInput = SegmentBy.extend({
  feature: DataText.optional().describe('the first core feature where absent'),
  month: Month.optional(),
  adoptionMonths: z.int().min(1).max(12).default(3),
})
const Line = z.object({
  segment: z.string(),
  steps: z.array(
    z.object({
      step: Step,
      accounts: z.int(),
      arr: z.number(),
      ofMeasured: Rate.nullable().describe('of the measured accounts; from the step after them on'),
    }),
  ),
})
export type FunnelLine = z.infer<typeof Line>
const AdoptionFunnel = z.object({
  answer: Answer,
  standing: Standing,
  feature: z.string(),
  month: Month,
  lines: z.array(Line).describe('all accounts first, as “All”'),
})

/** Table `told`: each account of the book with the last step that it has reached; a step counts only where all before it do. */
function toldSql(feature: AskedFeature, q: BlockQuery): string {
  const of = { ...q, feature: feature.featureId }
  const inMonth = [0, 1, 2].map((back) => usedTest({ ...q, month: q.month - back, adoptionMonths: 1 }))
  const only = `f.feature_id = ${feature.featureId}`
  // Where nobody defined adoption, the bits that tell when it was used tell it too.
  const pairs = q.hasDefinitions ? pairsSql(of, only) : mayUseSql(of, only)
  const adopted = q.hasDefinitions
    ? 'coalesce(pair.adopted, 0) = 1'
    : 'coalesce(u.now, false) and pair.account_id is not null and acc.measured = 1'
  return `${pairs},
    used_when as (
      select
        account_id,
        bool_or(${everTest(q)}) as ever,
        bool_or${usedTest(q)} as now,
        ${inMonth.map((test) => `bool_or${test}`).join(' and ')} as every
      from af
      where feature_id = ${feature.featureId}
      group by account_id
    ),
    told as (
      select
        acc.account_id, acc.segment, acc.arr,
        case
          when pair.account_id is null then 'paying'
          when acc.measured = 0 then 'entitled'
          when ${adopted} then case when coalesce(u.every, false) then 'every-month' else 'adopted' end
          when coalesce(u.ever, false) then 'ever-used'
          else 'measured'
        end as reached
      from acc
      left join pair on pair.account_id = acc.account_id
      left join used_when u on u.account_id = acc.account_id
    )`
}

/** Accounts that got equally far, counted where they lie. */
interface Counted {
  segment: string
  reached: FunnelStep
  n: number
  arr: number
}
const readCounts = (con: Connection, feature: AskedFeature, q: BlockQuery): Promise<Counted[]> =>
  con.all(`
    with ${toldSql(feature, q)}
    select segment, reached, count(*) as n, sum(arr)::bigint as arr
    from told
    group by all`)

export function lineOf(segment: string, rows: readonly Counted[]): FunnelLine {
  const furthest = rows.map((r) => ({ at: funnelSteps.indexOf(r.reached), n: r.n, arr: r.arr }))
  const count = (of: typeof furthest) => of.reduce((sum, r) => sum + r.n, 0)
  const measured = count(furthest.filter((r) => r.at >= funnelSteps.indexOf('measured')))
  return {
    segment,
    steps: funnelSteps.map((step, i) => {
      const there = furthest.filter((r) => r.at >= i)
      return {
        step,
        accounts: count(there),
        arr: there.reduce((sum, r) => sum + r.arr, 0) / 100,
        ofMeasured: i > funnelSteps.indexOf('measured') ? rateOf(count(there), measured) : null,
      }
    }),
  }
}

async function readQuestion(con: Connection, input: z.output<typeof AdoptionFunnelInput>) {
  const month = monthIndex(pickMonth(input.month, await needHistory(con)))
  return { month, feature: await askedFeature(con, input.feature), q: await blockQuery(con, input, month) }
}

export async function readFunnel(con: Connection, input: z.output<typeof AdoptionFunnelInput>) {
  const { month, feature, q } = await readQuestion(con, input)
  return { month, feature, rows: await readCounts(con, feature, q) }
}

const losses: Record<FunnelStep, string> = {
  paying: 'are not entitled to it',
  entitled: 'are not measured',
  measured: 'have never used it',
  'ever-used': 'used it before and do not now',
  adopted: 'do not use it every month',
  'every-month': '',
}

function writeAnswer(feature: string, all: FunnelLine): Answer {
  const of = (step: FunnelStep) => all.steps[funnelSteps.indexOf(step)]!
  const measured = of('measured').accounts
  const adopted = of('adopted')
  if (of('entitled').accounts === 0)
    return {
      text: `No account that pays is entitled to ${feature} at this month’s end.`,
      caveat: 'It may not be released yet, or no plan holds it.',
    }
  if (measured === 0) return { text: `No account that is entitled to ${feature} is measured.`, caveat: null }
  const steps = (['measured', 'ever-used', 'adopted'] as const)
    .map((step) => ({ step, lost: of(step).accounts - all.steps[funnelSteps.indexOf(step) + 1]!.accounts }))
    .sort((a, b) => b.lost - a.lost)
  const { value } = adopted.ofMeasured!
  const worst = steps[0]!
  return {
    text: `${adopted.accounts.toLocaleString('en-GB')} of ${plural(measured, 'account', 'accounts')} that could use ${feature} do now${value === null ? '' : ` (${percent(value)})`}, ${of('every-month').accounts.toLocaleString('en-GB')} of them in each of the last three months.${worst.lost > 0 ? ` Most are lost here: ${worst.lost.toLocaleString('en-GB')} ${losses[worst.step]}.` : ''}`,
    caveat:
      of('entitled').accounts > measured
        ? `${plural(of('entitled').accounts - measured, 'entitled account is', 'entitled accounts are')} not measured: no use is known, which is no sign of disuse.`
        : null,
  }
}

export const analyseAdoptionFunnel = operation({
  name: 'insights.analyses.adoptionFunnel',
  summary: 'How far accounts get with one feature, from paying to use in each of the last three months',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse adoption-funnel',
  input: AdoptionFunnelInput,
  output: AdoptionFunnel,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `adoption-funnel-${o.feature}-${o.month}.csv`,
    rows: (o) =>
      o.lines.flatMap((l) =>
        l.steps.map((s) => ({
          feature: o.feature,
          month: o.month,
          segment: l.segment,
          step: s.step,
          accounts: s.accounts,
          arr: s.arr,
          of_measured: s.ofMeasured?.value ?? null,
          low: s.ofMeasured?.low ?? null,
          high: s.ofMeasured?.high ?? null,
        })),
      ),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const { month, feature, rows } = await readFunnel(con, input)
      const all = lineOf('All', rows)
      const standing = await readStanding(
        con,
        {
          currency,
          period: `At ${shortDay(monthEnd(month))}; “now” is any use in the ${plural(input.adoptionMonths, 'full month', 'full months')} to it`,
          base: 'Accounts with ARR at that day; excluded ones are left out; segment as it was then',
          notes: ['Ever used means used while paying, on any day that is known.'],
          definitions: ['adoption-funnel', 'adopter', 'entitlement', 'not-measured', 'wilson'],
        },
        [adoptionRange(month, input.adoptionMonths)],
      )
      const segments = [...Map.groupBy(rows, (r) => r.segment)]
        .map(([segment, of]) => lineOf(segment, of))
        .sort((a, b) => b.steps[0]!.accounts - a.steps[0]!.accounts || (a.segment < b.segment ? -1 : 1))
      return {
        answer: writeAnswer(feature.name, all),
        standing,
        feature: feature.name,
        month: monthText(month),
        lines: [all, ...segments],
      }
    })
  },
})

const FunnelAccount = BookAccount.extend({
  reached: Step,
  lastUse: Day.nullable().describe('of the feature'),
})
export type FunnelAccount = z.infer<typeof FunnelAccount>

interface Found extends FoundAccount {
  reached: FunnelStep
  last_use: string | null
}

export const listFunnelAccounts = operation({
  name: 'insights.analyses.funnelAccounts',
  summary: 'The accounts whose last step of a feature’s funnel is this one',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse funnel-accounts',
  input: AdoptionFunnelInput.extend({
    reached: Step.optional().describe('the last step they reached; any where absent'),
    segment: DataText.optional(),
  }).extend(Paging.shape),
  output: accountList(FunnelAccount),
  example: () => ({ month: '2025-12' }),
  target: (input) => [input.feature, input.reached, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'funnel-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        reached: r.reached,
        last_use_of_feature: r.lastUse,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const { feature, q } = await readQuestion(con, input)
      const tables = `
        ${toldSql(feature, q)},
        seen as (
          select account_id, max(last_day) as day
          from r_month
          where feature_id = ${feature.featureId} and month <= ${q.month}
          group by 1
        )`
      const select = `
        select ${customerColumns}, told.segment, told.arr, told.reached, seen.day as last_use
        from told
        join customer c on c.account_id = told.account_id
        left join seen on seen.account_id = told.account_id
        where ${inSegment(input.segment)}
          and ${input.reached ? `reached = ${textLiteral(input.reached)}` : 'true'}`
      const order = 'arr desc, ext_id'
      return {
        currency,
        ...(await accountPage(con, { tables, select, order }, input, (r: Found) => ({
          reached: r.reached,
          lastUse: r.last_use,
        }))),
      }
    })
  },
})
