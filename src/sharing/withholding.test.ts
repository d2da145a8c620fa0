import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { catalogue, loadRaw, rawCompany } from '../../tests/support/raw-company.ts'
import { isProductError } from '../platform/errors.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { insertFeature } from '../insights/features/queries.ts'
import { exportView, listViewAccounts, openView, shareView } from './operations.ts'
import type { Grants } from './schemas.ts'
import { analyseCohortRetention } from '../insights/analyses/cohorts/operations.ts'
import { analyseAdoptionRetention } from '../insights/analyses/adoption-retention/operations.ts'
import { ownersWords } from '../insights/analyses/adoption-retention/sentence.ts'
import { shareables } from '../insights/withholding/shareables.ts'
import { withholding } from '../insights/withholding/withholding.ts'
import { scopeOf } from '../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
let collab = ''
const month = '2025-12'
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
  own = await app.workspace()
  const company = rawCompany(4)
  for (const [i, account] of company.accounts.entries()) {
    const region = i === 12 ? 'Norway' : i === 20 || i === 21 ? 'Iceland' : ['Europe', 'Asia', 'America'][i % 3]!
    account.attributes.push(['region', '2024-01-01', region])
    if (i === 30) account.owner = 'Solo'
    account.renewal = '2026-03-01'
  }
  for (const id of ['A12', 'A20', 'A21', 'A30'])
    company.subscriptions.push({
      id: `S-${id}`,
      account: id,
      start: '2023-01-01',
      end: null,
      arr: 777_700,
      plan: 'pro',
    })
  await (
    await app.services.warehouses.open(own.id)
  ).write(async (con) => {
    await loadRaw(con, company)
    await con.run(`update feature set key = '0190b5a0-0000-7000-8000-00000000000' || feature_id`)
    collab = (await con.one<{ key: string }>('select key from feature where name = $1', [catalogue[0]!.name]))!.key
  })
  await insertFeature(
    app.services.db,
    scopeOf(own.id),
    {
      id: collab,
      name: catalogue[0]!.name,
      area: 'Team',
      isCore: true,
      releasedOn: null,
      owner: null,
      entitledPlans: null,
    },
    app.services.now(),
  )
})
afterAll(() => app.close())

const none = { accounts: false, names: false, export: false }
type Input = Record<string, unknown>
const needed = (name: string): Input =>
  ({
    'insights.analyses.adoptionRetention': { month, window: 6 },
    'insights.analyses.associationDetail': { feature: catalogue[0]!.name },
    'insights.analyses.adoptionTrend': { featureId: collab },
    'insights.features.get': { id: collab },
  })[name] ?? {}
const inputOf = (analysis: AnyOperation, grouped: Input): Input => ({
  ...needed(analysis.name),
  ...Object.fromEntries(Object.entries(grouped).filter(([key]) => key in analysis.input.shape)),
})
const share = async (path: string, grouped: Input, grants: Grants = none) => {
  const { analyses } = shareables.find((s) => s.path === path)!
  return app.perform(shareView, own.as.leader, {
    path,
    title: `By ${JSON.stringify(grouped)}`,
    reads: analyses.map((a) => ({ operation: a.name, input: inputOf(a, grouped) })),
    forStakeholders: true,
    grants,
  })
}

/** Lines of an answer that say whom they are about, by the table of which each is a part: those of one place, feature and month. */
interface Line {
  table: string
  who: string
  accounts: number
}
type Counts = Partial<Record<'accounts' | 'eligible', number>>
type Item = Counts & {
  segment?: unknown
  name?: unknown
  owner?: unknown
  feature?: unknown
  month?: unknown
  now?: Counts
  adopters?: number | Counts
  others?: Counts
  steps?: Counts[]
}
const countOf = (r: Item): number | undefined =>
  r.now?.eligible ??
  r.eligible ??
  (typeof r.adopters === 'object' ? r.adopters.accounts! + r.others!.accounts! : undefined) ??
  r.steps?.[0]?.accounts ??
  r.accounts
function linesIn(value: unknown, place = ''): Line[] {
  if (Array.isArray(value))
    return value.flatMap((given: unknown) => {
      const item = (typeof given === 'object' && given !== null ? given : {}) as Item
      const who = item.segment ?? (/(segments|owners)$/.test(place) ? (item.name ?? item.owner) : undefined)
      const accounts = countOf(item)
      const table = [place, item.feature, item.month].join(' ')
      const isLine = typeof who === 'string' && who !== 'All' && accounts !== undefined
      return [...(isLine ? [{ table, who, accounts }] : []), ...linesIn(given, place)]
    })
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, of]) => linesIn(of, `${place}.${key}`))
}

const tellsFew = (l: Line) => l.accounts > 0 && l.accounts < 3 && l.who !== '(no value)' && l.who !== 'no owner'

const groupings: Input[] = [
  { segmentBy: 'region' },
  { segmentBy: 'region', andBy: 'segment' },
  { segmentBy: 'arr', bands: [7000] },
]
/** Of these no line says who it is about, or none of fewer than ten is told. */
const tellNobody = ['/insights/changes', '/insights/health', '/insights/nrr-variants', '/insights/association/feature']
const cases = shareables.flatMap(({ path }) => groupings.map((grouped) => [path, grouped] as const))

test.each(cases)('%s by %j: no sum of what is shown is that of fewer than three accounts', async (path, grouped) => {
  const { id } = await share(path, grouped)
  const opened = await app.perform(openView, own.as.stakeholder, { id })
  let few = 0
  for (const [i, analysis] of shareables.find((s) => s.path === path)!.analyses.entries()) {
    const within = linesIn(await app.perform(analysis, own.as.leader, inputOf(analysis, grouped)))
    const shown = linesIn(opened.answers[i]!.output)
    expect(shown.filter(tellsFew)).toEqual([])
    const tables = Map.groupBy(within, (l) => l.table)
    for (const [table, lines] of tables) {
      const left = lines.filter((l) => !shown.some((s) => s.table === table && s.who === l.who) && l.accounts > 0)
      if (!left.some(tellsFew)) continue
      few += 1
      const isAll = left.length === lines.filter((l) => l.accounts > 0).length
      const sum = left.reduce((all, l) => all + l.accounts, 0)
      expect([table, isAll || (left.length >= 2 && sum >= 3)]).toEqual([table, true])
    }
  }
  expect(few > 0).toBe(opened.withheld.length > 0)
  if ('andBy' in grouped && !tellNobody.includes(path))
    expect([path, opened.withheld.join(' ')]).toEqual([path, expect.stringContaining('fewer than 3 accounts')])
})

test('the amount of the one account of a segment stands nowhere in the view, as a number or in words', async () => {
  const { id } = await share('/insights/renewals', { segmentBy: 'region' })
  const opened = await app.perform(openView, own.as.stakeholder, { id })
  expect(JSON.stringify(opened.answers)).not.toContain('Norway')
  expect(JSON.stringify(opened.answers)).not.toContain('Solo')
  expect(opened.withheld).toEqual([
    expect.stringMatching(/^Not shown: .*(Iceland, Norway|Norway, Iceland|Solo).*\(fewer than 3 accounts\)/),
  ])
})

test('an owner of fewer than three accounts is not named in the sentence either', async () => {
  const grouped = inputOf(analyseAdoptionRetention, { segmentBy: 'segment' })
  const within = await app.perform(analyseAdoptionRetention, own.as.leader, grouped)
  const { segment, feature } = within.rows.find((r) => r.now.eligible >= 3 && r.segment !== '(no value)')!
  const renewing = (owners: { owner: string; accounts: number }[]) => ({ accounts: 6, arr: 9, owners })
  const textWith = (owners: { owner: string; accounts: number }[]) => {
    const told = {
      ...within,
      sentence: {
        kind: 'finding',
        caveat: '',
        text: `6 of them renew by 31 Mar 2026, €9 of ARR${ownersWords(owners)}.`,
        finding: { segment, feature, renewing: renewing(owners) },
      },
    }
    return (withholding.get(analyseAdoptionRetention.name)!(told, grouped).output as typeof told).sentence
  }
  const north = { owner: 'North', accounts: 5 }
  expect(textWith([north]).text).toBe('6 of them renew by 31 Mar 2026, €9 of ARR; with North (5).')
  const few = textWith([north, { owner: 'Solo', accounts: 1 }])
  expect(few.text).toBe('6 of them renew by 31 Mar 2026, €9 of ARR.')
  expect(JSON.stringify(few)).not.toContain('Solo')
})

test('a file of the view withholds what the page withholds; with names granted all is shown, as within', async () => {
  const grouped = { segmentBy: 'region' }
  const exported = await share('/insights/states', grouped, { ...none, export: true })
  const { table } = await app.perform(exportView, own.as.stakeholder, { id: exported.id })
  expect(table.length).toBeGreaterThan(0)
  expect(table.filter((r) => r['segment'] === 'Norway' || r['segment'] === 'Iceland')).toEqual([])
  const named = await share('/insights/states', grouped, { accounts: true, names: true, export: false })
  const opened = await app.perform(openView, own.as.stakeholder, { id: named.id })
  const [analysis] = shareables.find((s) => s.path === '/insights/states')!.analyses
  expect([opened.withheld, opened.answers[0]!.output]).toEqual([
    [],
    await app.perform(analysis!, own.as.leader, grouped),
  ])
})

test('rows without names do not say that they are of a withheld segment, and cannot be asked for by it', async () => {
  const { id } = await share('/insights/renewals', { segmentBy: 'region' }, { ...none, accounts: true })
  const { rows } = await app.perform(listViewAccounts, own.as.stakeholder, { id, limit: 200 })
  expect(new Set(rows.map((r) => r['segment']))).toContain('fewer than 3 accounts')
  expect(JSON.stringify(rows)).not.toMatch(/Norway|Iceland/)
  for (const choice of [{ segment: 'Norway' }, { owner: 'Solo' }])
    await expect(app.perform(listViewAccounts, own.as.stakeholder, { id, choice })).rejects.toSatisfy(
      (error) => isProductError(error) && error.code === 'forbidden' && error.message.includes('fewer than 3 accounts'),
    )
})

test('cohorts of segments go with their averages where one cohort of one holds few, since a total over cohorts gives it away', async () => {
  const grouped = inputOf(analyseCohortRetention, { segmentBy: 'segment' })
  const within = await app.perform(analyseCohortRetention, own.as.leader, grouped)
  expect(within.rows.some((r) => r.segment !== 'All' && r.accounts > 0 && r.accounts < 3)).toBe(true)
  expect(within.averages.some((a) => a.segment !== 'All' && a.accounts >= 3)).toBe(true)
  const { id } = await share('/insights/cohorts', { segmentBy: 'segment' })
  const opened = await app.perform(openView, own.as.stakeholder, { id })
  const shown = opened.answers[0]!.output as typeof within
  expect([new Set([...shown.rows, ...shown.averages].map((line) => line.segment)), shown.segments]).toEqual([
    new Set(['All']),
    [],
  ])
  expect(shown.rows).toEqual(within.rows.filter((r) => r.segment === 'All'))
  expect(opened.withheld).toEqual([expect.stringMatching(/^Not shown: lines of .* \(fewer than 3 accounts/)])
})

test('a row of a segment that is withheld somewhere, but holds many, does not say that it holds few', async () => {
  const { id } = await share('/insights/cohorts', { segmentBy: 'segment' }, { ...none, accounts: true })
  const { rows } = await app.perform(listViewAccounts, own.as.stakeholder, { id, limit: 200 })
  expect(rows.length).toBeGreaterThan(0)
  expect(new Set(rows.map((r) => r['segment']))).toContain('withheld')
})

test('a view of one segment with few accounts is refused, with the reason', async () => {
  const input = { segmentBy: 'region', segment: 'Norway' }
  await expect(share('/insights/revenue', input)).rejects.toThrow(/about fewer than 3 accounts/)
  expect(await share('/insights/revenue', input, { accounts: true, names: true, export: false })).toMatchObject({})
})
