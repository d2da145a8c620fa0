/** What friction costs: hours of everybody asked, and money at a rate that somebody states. */
import { z } from 'zod'
import { Amount, VersionNumber } from '../../platform/field-types.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { readFindings } from '../findings.ts'
import { entriesOf, valueOf } from '../listening-tour/answers.ts'
import { moneyAYear, workingWeeks } from '../listening-tour/estimates.ts'
import { listAnswers, waves } from '../listening-tour/queries.ts'
import { Found } from '../listening-tour/results.ts'
import { Audience } from '../listening-tour/schemas.ts'
import { frictionOf } from '../taxonomy.ts'
import { hourlyRate } from './queries.ts'

const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
const Cost = z.object({
  asOf: z.string().nullable(),
  waves: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      audience: Audience,
      invited: z.int(),
      released: z.int(),
      isOpen: z.boolean(),
    }),
  ),
  shares: z.array(z.object({ audience: Audience, people: z.int(), share: Estimate.nullable() })),
  frictions: z.array(Found),
  hoursPerWeek: z.number().describe('all frictions together'),
  money: z.number().nullable().describe('a year, at the stated rate; null without one'),
  workingWeeks: z.int(),
  rate: z.object({ amount: z.number().nullable(), basis: z.string(), currency: z.string(), version: z.int() }),
  quotes: z.array(z.object({ audience: Audience, text: z.string() })).describe('of people who agreed to be quoted'),
})

const mostQuotes = 12

/** Words of people who agreed, of waves with counted answers; without friction, area or anything else of their answer. */
async function quotesOf({ db, scope }: WorkspaceContext) {
  const launched = (await waves.list(db, scope)).filter((w) => w.state !== 'draft')
  const answers = await listAnswers(
    db,
    scope,
    launched.map((w) => w.id),
  )
  return launched.flatMap((w) => {
    const own = answers.filter((a) => a.waveId === w.id && a.content.mayQuote)
    const texts = own.flatMap((a) => [
      ...w.questions.filter((q) => q.kind === 'text').map((q) => valueOf(a.content, q.id)),
      ...entriesOf(a.content).map((e) => e.delayed),
    ])
    return texts
      .filter((t): t is string => typeof t === 'string' && t.length >= 20)
      .sort((a, b) => a.localeCompare(b))
      .slice(0, mostQuotes)
      .map((text) => ({ audience: w.audience, text }))
  })
}

async function show(context: WorkspaceContext): Promise<z.infer<typeof Cost>> {
  const { db, scope } = context
  const [findings, rate, workspace] = [
    await readFindings(context),
    await hourlyRate.find(db, scope),
    await findWorkspace(db, scope.workspaceId),
  ]
  const hoursPerWeek = findings.frictions.reduce((sum, f) => sum + f.hoursPerWeek, 0)
  return {
    asOf: findings.asOf,
    waves: findings.waves.map(({ state, closedAt: _closed, ...w }) => ({ ...w, isOpen: state === 'open' })),
    shares: findings.shares.map(({ asOf: _asOf, ...s }) => s),
    frictions: findings.frictions.map((f) => ({ ...f, name: frictionOf(f.code).name })),
    hoursPerWeek,
    money: rate.amount === null ? null : moneyAYear(hoursPerWeek, rate.amount),
    workingWeeks,
    rate: { amount: rate.amount, basis: rate.basis, currency: workspace?.currency ?? 'EUR', version: rate.version },
    quotes: await quotesOf(context),
  }
}

export const readCost = operation({
  name: 'setup.cost.read',
  summary: 'What friction costs: hours a week by friction, pillar, area and system, and money at the stated rate',
  kind: 'read',
  may: 'setup:read',
  restsOn: ['setup.tour', 'setup.interviews', 'workspaces'],
  input: z.object({}),
  output: Cost,
  example: () => ({}),
  run: (context) => show(context),
})

export const setRate = operation({
  name: 'setup.cost.setRate',
  summary: 'State what an hour costs, and where that figure comes from',
  kind: 'write',
  may: 'setup:edit',
  input: z.object({
    version: VersionNumber,
    amount: Amount.nullable().describe('in whole units of the workspace’s currency'),
    basis: z.string().trim().max(200),
  }),
  output: Cost,
  example: () => ({ version: 0, amount: 75, basis: 'Controlling, full cost' }),
  target: () => 'the rate of an hour',
  async run(context, { version, ...given }) {
    await hourlyRate.changeAtVersion(context, { version, given }, given, () =>
      hourlyRate.find(context.db, context.scope),
    )
    return show(context)
  },
})
