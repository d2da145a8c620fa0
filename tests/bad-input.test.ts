/** Every analysis on companies whose data is odd: a figure or a word, never a number that is none, never a gap without a reason. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { insertFeature } from '../src/insights/features/queries.ts'
import type { DecidedDefinition } from '../src/insights/datasets/mirror.ts'
import { operations } from '../src/operations.ts'
import { isProductError } from '../src/platform/errors.ts'
import type { AnyOperation } from '../src/platform/operation.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'
import { catalogue, decisions, loadRaw, rawCompany, type RawCompany } from './support/raw-company.ts'
import { scopeOf } from './support/scope.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

const keyOf = (n: number) => `0190b5a0-0000-7000-8000-${String(n).padStart(12, '0')}`
type Features = ((typeof catalogue)[number] & { definitions?: DecidedDefinition[] })[]
const usual: Features = catalogue.map((f, i) => ({ ...f, key: keyOf(i + 1) }))
const never: DecidedDefinition = {
  version: 1,
  validFrom: null,
  unit: 'users',
  atLeast: 9000,
  windowKind: 'calendar',
  windowLength: 3,
  counts: (name) => name === 'an event that never came',
}
const pays = (account: string, arr: number, more: Partial<RawCompany['subscriptions'][number]> = {}) => ({
  id: `X-${account}-${arr}`,
  account,
  start: '2023-01-01',
  end: null,
  arr,
  plan: 'pro',
  ...more,
})

interface Case {
  features?: Features
  /** What some analyses must say of it, by a pattern. */
  says?: Record<string, RegExp>
  change?: (c: RawCompany) => void
  asked?: Record<string, unknown>
}
const cases: Record<string, Case> = {
  'a definition that matches nothing': {
    features: usual.map((f, i) => (i === 0 ? { ...f, definitions: [never] } : f)),
  },
  'a feature whose events never came': { features: usual.map((f, i) => (i === 0 ? { ...f, names: [] } : f)) },
  'a segment of one account': {
    change: (c) => c.accounts.forEach((a, i) => a.attributes.push(['region', '2024-01-01', i === 8 ? 'One' : 'Many'])),
    asked: { segmentBy: 'region', segment: 'One' },
  },
  'a company of one account': {
    change(c) {
      c.accounts = c.accounts.slice(0, 1)
      c.subscriptions = [pays('A0', 120_000)]
      c.events = c.events.filter((e) => e.account === 'A0')
      c.events.push({ day: '2025-12-31', account: 'A0', user: 'u', name: 'share', batch: 3 })
    },
  },
  'months without usage': {
    says: { adoptionRetention: /There is no usage at all from Oct 2025 to Nov 2025/, featureStates: /"silence":"/ },
    change(c) {
      c.events = c.events.filter((e) => !['2025-06', '2025-10', '2025-11'].includes(e.day.slice(0, 7)))
    },
  },
  'a month without revenue': {
    change(c) {
      c.subscriptions = c.accounts.flatMap(({ id }, i) => [
        pays(id, 1000 + i, { end: '2025-08-01' }),
        pays(id, 2000 + i, { start: '2025-10-01' }),
      ])
    },
  },
  'nobody pays any more': {
    change(c) {
      c.subscriptions = c.accounts.map(({ id }) => pays(id, 5000, { end: '2025-09-01' }))
    },
  },
  'accounts without revenue': {
    change(c) {
      c.subscriptions = c.subscriptions.filter((s) => Number(s.account.slice(1)) % 2 === 0)
    },
  },
  'no account with usage': {
    says: { adoptionRetention: /not measured|no adoption/i, stickiness: /nobody|no usage|no account/i },
    change(c) {
      for (const e of c.events) e.account = 'nobody we know'
    },
  },
  'negative and enormous amounts': {
    says: { movements: /ARR (rose|fell|stayed).* T\b/ },
    change(c) {
      c.subscriptions.push(...c.accounts.slice(0, 40).map(({ id }, i) => pays(id, i % 2 === 0 ? -900_000 : 1.2e15)))
    },
  },
  'amounts of nothing': {
    change(c) {
      for (const s of c.subscriptions) s.arr = 0
      c.subscriptions.push(pays('A1', 1))
    },
  },
  'events in the future': {
    says: {
      adoptionRetention: /"month":"2025-12".*"dataTo":"2025-12-31"/,
      featureStates: /"month":"2025-12".*2 events lie in the future: kept, and no part of these figures/,
      renewals: /2 events lie in the future.*"month":"2025-12"/,
      stickiness: /2 events lie in the future/,
      options: /"defaultMonth":"2025-12"/,
    },
    change(c) {
      c.events.push({ day: '2026-03-02', account: 'A1', user: 'u1', name: 'share', batch: 3 })
      c.events.push({ day: '2031-07-02', account: 'A2', user: 'u1', name: 'board', batch: 3 })
    },
  },
  'five thousand features': {
    features: [
      ...usual,
      ...Array.from({ length: 5000 }, (_, i) => ({
        ...usual[3]!,
        key: keyOf(100 + i),
        name: `Extra ${i}`,
        area: `Area ${i % 40}`,
        releasedOn: null,
        names: [`extra.${i}`],
      })),
    ],
  },
  'no features': { features: [] },
  'no segments': {
    change: (c) => {
      for (const a of c.accounts) a.attributes = []
    },
  },
}

const analyses = operations.filter((o) => o.name.startsWith('insights.analyses.') && o.kind === 'read')
const needed: Record<string, Record<string, unknown>> = {
  account: { account: 'A1' },
  accountSources: { account: 'A1' },
  accountsBehind: { feature: usual[0]!.name },
  associationDetail: { feature: usual[0]!.name },
  changedAccounts: { turn: 'stopped' },
  movementAccounts: { kind: 'churn' },
}
const inputOf = (analysis: AnyOperation, asked: Record<string, unknown> = {}) => ({
  ...needed[analysis.name.split('.').at(-1)!],
  ...Object.fromEntries(Object.entries(asked).filter(([key]) => key in (analysis.input as z.ZodObject).shape)),
})

/** Words in which a computation shows through, and figures that are none. */
function flaws(value: unknown, path = ''): string[] {
  if (typeof value === 'number' && !Number.isFinite(value)) return [`${path}: ${value}`]
  if (typeof value === 'string' && /\bNaN\b|Infinity|undefined|\[object|\bnull\b/.test(value))
    return [`${path}: ${value}`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, of]) => flaws(of, `${path}.${key}`))
}

/** Figures that may be missing; beside each, or above it, stands why. */
const figure = /^(value|rate|nrr|grr|logo|median|share|adjusted|unadjusted|retention|stickiness|effect|chosen)$/i
const whys = [
  'mark',
  'retentionMissing',
  'problem',
  'windowProblem',
  'caveat',
  'state',
  'evidence',
  'text',
  'atRisk',
  'isComplete',
]
const isWhy = (key: string, value: unknown) =>
  whys.includes(key) && value !== null && value !== '' && value !== 'ok' && value !== undefined
function unexplained(value: unknown, above: readonly string[] = [], path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  // Counts are always shown, and below ten they are why.
  const { accounts, eligible } = value as { accounts?: unknown; eligible?: unknown }
  const isFew = [accounts, eligible].some((n) => typeof n === 'number' && n < 10)
  const isAnswered = 'answer' in value
  const said = Array.isArray(value)
    ? above
    : [...above, ...Object.entries(value).flatMap(([k, v]) => (isWhy(k, v) ? k : []))]
  return Object.entries(value).flatMap(([key, of]) =>
    of === null && figure.test(key)
      ? said.length > 0 || isFew || isAnswered
        ? []
        : [`${path}.${key} of ${JSON.stringify(value).slice(0, 160)}`]
      : unexplained(of, said, `${path}.${key}`),
  )
}

describe.each(Object.entries(cases).map(([name, of], i) => [name, of, i] as const))('%s', (_, of, nth) => {
  const { features: given = usual, change, asked, says } = of
  // A feature's key is its own in the whole installation.
  const ownKey = (key: string) => key.replace('-8000-', `-${8001 + nth}-`)
  const features = given.map((f) => ({ ...f, key: ownKey(f.key) }))
  let own: TestWorkspace
  beforeAll(async () => {
    own = await app.workspace()
    const company = rawCompany(4)
    change?.(company)
    const byName = new Map(features.flatMap((f) => f.names.map((name) => [name, f.key] as const)))
    await (
      await app.services.warehouses.open(own.id)
    ).write((con) => loadRaw(con, company, { ...decisions, features, featureOf: (name) => byName.get(name) ?? null }))
    const { names: __, key: ___, definitions: ____, ...first } = features[0] ?? usual[0]!
    await insertFeature(
      app.services.db,
      scopeOf(own.id),
      { ...first, id: ownKey(keyOf(1)), owner: null, entitledPlans: null },
      app.services.now(),
    )
  })

  test.each(analyses.map((a) => [a.name.split('.').at(-1)!, a] as const))('%s', async (__, analysis) => {
    let output: unknown
    try {
      output = await app.perform(analysis, own.as.admin, inputOf(analysis, { ...asked, featureId: ownKey(keyOf(1)) }))
    } catch (error) {
      if (!isProductError(error) || error.code === 'bug') throw error
      expect([error.code, error.message, flaws(error.message)]).toEqual([
        expect.stringMatching(/^(precondition|not-found|invalid)$/),
        expect.stringMatching(/^.{20,}[.…]$/s),
        [],
      ])
      return
    }
    const said = says?.[analysis.name.split('.').at(-1)!]
    if (said) expect(JSON.stringify(output)).toMatch(said)
    expect(flaws(output)).toEqual([])
    expect(unexplained(output)).toEqual([])
    const { answer } = output as { answer?: { text: string } | null }
    if (answer) expect(answer.text).toMatch(/^.{10,}\.$/s)
  })
})
